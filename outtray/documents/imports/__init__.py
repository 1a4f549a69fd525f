"""The other forms in which documents come in: CSV, UBL 2.1, CII, and Factur-X PDFs.

Each form is read into entries as they would stand in a JSON file; from there on all is the
same: `importing.py` checks, compares and keeps. So nothing here decides whether a document
is right, and a value that cannot be read goes on as it was written, to be complained of
where everything else is.

XML is read without entities, document types, network, or more elements than documents have.
CSV is data: no cell is ever a formula.

Start reading in `reading.py`, then `csv/` and `xml/`.
"""
