"""Documents as PDF: one layout, filled through data alone.

`page.py` says what stands on the paper, in the document's language, as plain texts;
`layout/` says where, in Typst; `render.py` brings both together. Data is never evaluated
as Typst. The same document gives the same bytes.
"""
