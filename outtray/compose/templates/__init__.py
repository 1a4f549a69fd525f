"""The words of letters: ours, and those that people wrote, by purpose and language.

Which ones a letter is written with (`choice.py`), how they are kept in versions (`keep.py`,
`write.py`), and how they are tried on documents before (`try_texts.py`, `trial.py`).

Start reading in `choice.py`, then `written.py`.
"""
