"""What the network tells of a mail domain: its servers, its provider, its sign-in.

Each source is asked by itself, within a time, and may fail by itself: what is not back in time
is skipped. None is ever given a password, and none outside the mail domain the address; all
HTTP goes through `web.py`, and every server found is judged as `egress.py` judges.

Not here: providers and presets, and what to make of it all (`mailboxes/detection`).

Start reading in `sources.py`, then `together.py`.
"""
