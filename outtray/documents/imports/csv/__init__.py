"""CSV: one row a line of a document, the document's own fields repeated on each.

`dialect.py` finds out how a file is written, `guess.py` what its columns mean, `mapping.py`
is what a person settled about both, and `documents.py` makes entries of the rows.
"""
