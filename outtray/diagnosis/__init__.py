"""Why a mailbox does not work, in words a bookkeeper understands.

`probes.py` checks a mailbox stage by stage (Validate); `explain.py` turns a Failure into
cause, headline, fix and who must act. Knowledge lives in tables, not in branches.
"""
