"""Letters that a person writes, and those that a program brings finished.

Begun with or without documents (`begin.py`), kept on every change (`drafts.py`), signed
(`opening_words.py`). Nothing is sent here: that is `outbox`.

Start reading in `begin.py`.
"""
