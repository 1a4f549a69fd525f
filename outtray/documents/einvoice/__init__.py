"""Documents as XML that another business's software reads: Factur-X and UBL 2.1.

An invoice or a credit note follows EN 16931, written as CII into a PDF/A-3b (Factur-X) or
as UBL; the other kinds have their document of UBL. `terms.py` says in the words of
EN 16931 what an invoice holds, `cii.py` and `ubl/` write it, `check.py` holds the result
against the schemas (`xsd.py`) and, in a process of its own, against the rules
(`schematron.py`). Failed rules become sentences for a bookkeeper (`sentences.py`).

A kind declares its form in `XmlForm` (`kinds/base.py`). Which kinds go out with what is the
company's to settle (`settings.py`). Nothing here claims what only other people's validators
can say: see docs/why/e-invoices.md.

Start reading in `make.py`.
"""
