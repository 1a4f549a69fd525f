"""Checks an e-invoice that somebody else may have written."""

from __future__ import annotations

from dataclasses import dataclass

from outtray.documents.einvoice.forms import Checks, cii_checks, ubl_checks
from outtray.documents.einvoice.make import require_installed
from outtray.documents.einvoice.sentences import EInvoiceProblem
from outtray.documents.imports.xml.pdf import invoice_in
from outtray.lib.errors import Refused

_CII = "{urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100}CrossIndustryInvoice"
_UBL = "{urn:oasis:names:specification:ubl:schema:xsd:"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a file is, and the rules that it breaks."""

    form: str
    problems: tuple[EInvoiceProblem, ...]


def check_file(content: bytes) -> Verdict:
    """What is wrong with an XML file, or with the one in a PDF. Raises Refused for other files."""
    require_installed()
    from outtray.documents.einvoice.check import check
    from outtray.documents.einvoice.xsd import parsed

    xml = invoice_in(content) if content.startswith(b"%PDF") else content
    try:
        root = parsed(xml)
    except ValueError as wrong:
        raise Refused("not_an_einvoice", f"The file cannot be read: {wrong}.") from wrong
    form, checks = _checks_for(root.tag)
    return Verdict(form, check(xml, checks))


def _checks_for(tag: str) -> tuple[str, Checks]:
    if tag == _CII:
        return "CII", cii_checks()
    name = tag.rpartition("}")[2]
    checks = ubl_checks(name) if tag == f"{_UBL}{name}-2}}{name}" and name.isalpha() else None
    if checks is None or not checks.schema.exists():
        raise Refused("not_an_einvoice", f"“{name[:60]}” is no document that is checked here.")
    return f"UBL {name}", checks
