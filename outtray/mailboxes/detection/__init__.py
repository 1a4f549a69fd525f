"""Where a mailbox is, found from its address alone.

A preset by the domain needs no network. Else all sources of `transports/detection` are asked
at once, each may fail by itself, and after two seconds what has come is judged: proposals, the
best first, each with where it is from and whether a person should look at it before a password
is typed. Nothing is filled in that Validate would not check.

Start reading in `detect.py`, then `judge.py`.
"""
