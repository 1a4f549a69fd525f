"""From documents to the letter that goes out, and from the letter to its bytes.

Who receives it and why, whose mailbox sends it, and in which layout its PDF is set (`rules/`);
what it may say (`facts.py`) and in which words: ours (`defaults/`) or those that people wrote
(`templates/`), filled within limits (`filling/`); what a person writes himself (`by_hand/`)
and adds (`attachments/`); the letter itself (`letter.py`), what speaks against sending it
(`warnings.py`), and the message that is frozen at acceptance (`message.py`).

Promises: every address has its reason; a template sees plain texts only and cannot cost
more than its limits (`filling/liquid.py`); nothing in a letter is fetched from elsewhere.

Start reading in `letter.py`.
"""
