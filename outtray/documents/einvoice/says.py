"""What an e-invoice says, in words: what the recipient's software will show and book."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from outtray.documents.einvoice.amounts import amount, number
from outtray.documents.einvoice.facts import CompanyFacts
from outtray.documents.einvoice.taxes import VatPart
from outtray.documents.einvoice.terms import InvoiceTerms, terms_of
from outtray.documents.einvoice.trade import TradeParty
from outtray.documents.kinds.base import Kind
from outtray.documents.schema.paper import Paper
from outtray.documents.schema.priced import PricedPaper

_CATEGORIES = {
    "": "tax category open",
    "S": "standard rate",
    "Z": "zero rated",
    "E": "exempt",
    "AE": "reverse charge",
    "K": "to another EU country",
    "G": "export",
    "O": "outside of VAT",
    "L": "IGIC",
    "M": "IPSI",
}


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that it says."""

    label: str
    value: str


def said_of(kind: Kind, paper: Paper, facts: CompanyFacts) -> tuple[Said, ...]:
    """What is worth a look; nothing for kinds that are no invoices."""
    if not kind.xml or not kind.xml.invoice_type or not isinstance(paper, PricedPaper):
        return ()
    terms = terms_of(paper, kind.xml.invoice_type, facts)
    return tuple(said for said in _said(terms) if said.value)


def _said(terms: InvoiceTerms) -> Iterator[Said]:
    yield Said("Seller", _party(terms.seller))
    yield Said("Buyer", _party(terms.buyer))
    yield Said("Buyer’s reference", terms.buyer_reference)
    yield Said("Order", terms.order_reference)
    for part in terms.taxes:
        yield Said("Tax", _tax(part, terms.currency))
    yield Said("Total", _money(terms.totals.gross, terms.currency))
    if terms.totals.paid:
        yield Said("Paid before", _money(terms.totals.paid, terms.currency))
    yield Said("To pay", _to_pay(terms))
    if terms.payment and terms.payment.bank.iban:
        yield Said("Account", terms.payment.bank.iban)


def _party(party: TradeParty) -> str:
    return " · ".join(
        part
        for part in (party.name, party.address.country, party.vat_id or party.tax_number)
        if part
    )


def _tax(part: VatPart, currency: str) -> str:
    rate = f"{number(part.rate)} % " if part.rate is not None else ""
    sums = f"of {_money(part.net, currency)}: {_money(part.tax, currency)}"
    return f"{rate}{sums} ({_CATEGORIES[part.category]})"


def _to_pay(terms: InvoiceTerms) -> str:
    due = f" by {terms.due.day} {terms.due:%b %Y}" if terms.due else ""
    return f"{_money(terms.totals.gross - terms.totals.paid, terms.currency)}{due}"


def _money(value: Decimal, currency: str) -> str:
    return f"{amount(value)} {currency}"
