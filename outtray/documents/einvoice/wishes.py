"""As what a document is to go out: plain values, so that any process can follow them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from outtray.documents.einvoice.facts import NO_FACTS, CompanyFacts
from outtray.documents.einvoice.forms import Syntax


class Form(StrEnum):
    """The PDF alone, with the XML in it, with a file of UBL beside it, or both."""

    NONE = "none"
    FACTUR_X = "factur-x"
    UBL = "ubl"
    BOTH = "both"

    @property
    def syntaxes(self) -> frozenset[Syntax]:
        return _SYNTAXES[self]


_SYNTAXES = {
    Form.NONE: frozenset[Syntax](),
    Form.FACTUR_X: frozenset({Syntax.CII}),
    Form.UBL: frozenset({Syntax.UBL}),
    Form.BOTH: frozenset({Syntax.CII, Syntax.UBL}),
}


class WhenWrong(StrEnum):
    """What becomes of a document whose e-invoice breaks a rule."""

    HOLD = "hold"
    SEND_WITHOUT = "send_without"


@dataclass(frozen=True, slots=True)
class EInvoiceWish:
    """The form, what happens where it fails, and what the company says of itself."""

    form: Form = Form.NONE
    when_wrong: WhenWrong = WhenWrong.HOLD
    facts: CompanyFacts = NO_FACTS


NO_EINVOICE = EInvoiceWish()
