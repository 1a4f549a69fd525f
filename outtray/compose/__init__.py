"""From documents to the letter that goes out, and from the letter to its bytes.

Who receives it and why (`recipients.py`), whose mailbox sends it (`sender.py`), subject
and text from templates (`templates.py`), the letter (`letter.py`), the frozen message
(`message.py`).
"""
