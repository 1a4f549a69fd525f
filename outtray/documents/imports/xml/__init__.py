"""XML: UBL 2.1 and CII (EN 16931), read as strangers' files are.

`parsing.py` admits the file, `ubl.py` and `cii.py` read it into an entry, `pdf.py` takes it
out of a Factur-X PDF. Whatever of a document our papers cannot say is refused, never dropped
where it would change what is owed.
"""
