"""Many documents at once: previewed, rendered, accepted, with progress.

A Run freezes which documents it is about when it is planned. It then looks at each of them
(whom it would go to, from where, what speaks against it), waits for a person to start it,
and turns its rows into emails, a batch at a time.

Promises: a row becomes an email once, in the transaction that accepts it, whichever process
dies when. One row's fault stops no other row. Whatever is left to do can be read from the rows.

Not here: how a letter is composed (`compose`), what accepting means (`outbox`), when an
email leaves (`delivery`).

Start reading in `models.py`, then `plan.py`, `examine.py`, `start.py`, `accepting.py`, `work.py`.
"""
