"""What the company sends by itself.

Promise: it goes through the Email Queue like everything else, so it can be seen there, and
each thing is told once, however many workers there are.

Start reading in `notices.py`: it tells people that a mailbox is paused; `end_notices.py` that
a secret or a consent is about to end.
"""
