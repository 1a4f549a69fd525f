"""Submission over SMTP (RFC 6409), with STARTTLS or TLS required and a login over it.

`opening.py` holds the steps from the settings to the login. Sending and Validate walk the
same steps, so what was validated is what is used later. `handover.py` tells one message's
conversation; `failures.py` says what each no means and for whom, by the tables of
`providers.py` and `rules.py`.

Promises: no reply and no silence becomes an exception. Content that left without an answer
is `Unanswered`. A password is never sent in clear text to another machine, nor written down.

Start reading in `transport.py`, then `opening.py`, `handover.py`.
"""
