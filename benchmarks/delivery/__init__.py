"""How fast mail goes through: Outtray beside Postfix and django-post-office.

All on this machine, in turn, with 60 KB PDFs and every message on disk before it counts as
queued; into Postfix's smtp-sink, until that has taken the last one.

Each system is two parts that run side by side: what queues (a feeder) and what delivers.

Start reading in `__main__.py`, then `rounds.py`, `running.py`, `systems.py`.
"""
