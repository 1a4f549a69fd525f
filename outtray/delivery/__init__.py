"""Claim, attempt, settle: the loop that empties the Email Queue.

A sitting is one worker with one mailbox and one connection. What follows a no is decided
by a pure function (`schedule.py`); what a dead worker left is found by `recover.py`.
"""
