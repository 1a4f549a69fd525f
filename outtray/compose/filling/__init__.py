"""Texts are filled: Liquid within limits, MJML compiled once, HTML cleaned.

Our own texts are filled where they are needed (`liquid.py`); those that people wrote in a
process of their own (`process.py`, `worker.py`), which may be ended without harm.

Start reading in `fill.py`.
"""
