"""What must leave the house, and what happened to it.

An Email is accepted once and never changes afterwards: its message, its envelope and
its attachments are stored as they will be sent. Only its state moves, along the arrows
in `states.py`, and every move leaves an Event.

Promises: an accepted email is sent, fails with a reason, or is waiting for a person.
It is never silently lost, and never sent twice by us knowingly.

Not here: rendering (`compose`), talking to servers (`transports`), choosing the next
time to try (`delivery`).

Start reading in `states.py`, then `accept.py`, `claim.py`, `settle.py`.
"""
