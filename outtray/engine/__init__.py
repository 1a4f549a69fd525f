"""Who wakes whom.

Work is rows; a wake-up is only a hint that a row may be due. Every work function can be
called twice or at the wrong time without harm, and a sweep finds what a lost wake-up
left, so an engine may lose its memory and nothing else is lost.

Start reading in `base.py`, then `embedded.py`.
"""
