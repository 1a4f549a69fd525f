"""How bytes leave the house.

A transport opens a session for a Route and hands messages over, one at a time. What a
server said is a value (`Accepted`, `Failure`, `Unanswered`), never an exception. Each
transport is one folder and one line in `registry.py`; it declares its own settings, so
that forms and probes need not know which one it is.

Not here: the queue, retries, Django.

Start reading in `base.py`.
"""
