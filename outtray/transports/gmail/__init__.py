"""The Gmail API as a way out: mail leaves by HTTPS from the account that somebody signed in with.

`recipients.py` sees to it that exactly the recipients of the envelope get a message, `api.py`
asks with a token that is good, `failures.py` says what an answer means, and `session.py` what
it means for a message: taken, refused, or not known.

Promises: nobody gets a message whom its envelope does not name, and no blind copy is shown. A
request that may have been heard and has no clear answer is `Unanswered`. No token is written
down.

Not here: where tokens come from (`mailboxes`), and a copy in the Sent folder, which Gmail keeps
by itself.

Start reading in `transport.py`, then `session.py`, `recipients.py`.
"""
