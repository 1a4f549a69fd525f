"""What came back, and the Sent folder: for now what it says of emails whose end is unknown.

An email becomes `unknown` when it was handed over and no answer is known. It is never
sent again by itself, except where the mailbox's own Sent folder proves that it never left.

Promises: one login for each look, never a second one with a password that was refused; no
look inside a database transaction; where the folder cannot tell, a person is asked.

Not here: how a folder is read (`transports`), how a state changes (`outbox/resolve.py`).
Bounces and replies will come in here too.

Beside it, copies of what was sent are put into the Sent folder where no server does so
(`file_copy.py`): only what was sent is filed, and nothing of it is sent again.

Start reading in `verdict.py`, then `look_up.py`.
"""
