"""By what a failure is recognised: readable tables, each named by what it tells.

Words are those of many servers and programs in several languages, never of one case. What
only one provider says, means or asks for lies in one module of `providers`.

Start reading in `table.py`, which puts the tables in order, then `phrases.py` for the little
language of their words, `lexicon.py` for the ideas that they name, and any table.
"""
