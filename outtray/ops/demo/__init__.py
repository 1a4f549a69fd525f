"""`outtray demo`: the whole journey of six documents, on this machine, with nothing set up.

Promises: a folder of its own, so that no other data is touched; the same verbs as the
pages; real SMTP over a real socket. Without an outside server nothing leaves the machine.

Start reading in `run.py`, then `story.py`.
"""
