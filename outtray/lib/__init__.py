"""Small things without mail and without Django: time, ids, secrets, refusals, blobs.

Nothing here knows what Outtray is for.
"""
