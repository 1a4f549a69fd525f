"""Start, keep and show an installation: first start, serving, backup, health, the demo.

Promises: a start that cannot succeed says why in one sentence and changes nothing; two
processes never serve from one data folder; a stop finishes the message in hand.

Not here: what the installation does for its users (everything below), and how it is
asked (`cli`, `web`).

Start reading in `bootstrap.py`, then `serve.py`.
"""
