"""Addresses, envelopes, messages and reply codes as pure values.

No network, no database, no Django. Everything that becomes a header or an SMTP command
passes through `address.py` or `headers.py`, the one gate against injected lines.

Start reading in `address.py`, `headers.py`, then `mime.py`.
"""
