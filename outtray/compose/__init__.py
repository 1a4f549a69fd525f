"""From documents to the letter that goes out, and from the letter to its bytes.

Who receives it and why (`recipients.py`), whose mailbox sends it (`sender.py`), what it may
say (`facts.py`) and how (`templates.py`, words in `defaults/`; `template_choice.py` picks
among what people wrote, which `liquid_process.py` fills), the letter itself
(`letter.py`), what a person changes in it (`editing.py`), what speaks against sending it
(`warnings.py`), and the message that is frozen at acceptance (`message.py`).

Promises: every address has its reason; a template sees plain texts only and cannot cost
more than its limits (`liquid.py`); nothing in a letter is fetched from elsewhere.

Start reading in `letter.py`.
"""
