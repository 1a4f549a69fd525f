"""Who receives a document, whose mailbox sends it, how it looks, and why: by the company's rules.

Rules are read once for many documents (`company_rules.py`), then each document asks for its
recipients, sender and layout. Each answer carries its reason. `set_*.py` settle the rules.

Start reading in `recipients.py`.
"""
