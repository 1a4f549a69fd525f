"""An invoice in the terms of EN 16931-1, for the writers of both syntaxes.

BT and BG are the numbers of the standard's business terms and groups.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from outtray.documents.einvoice.discounts import Discount, discount_of
from outtray.documents.einvoice.facts import CompanyFacts
from outtray.documents.einvoice.taxes import VatPart, breakdown, category_of
from outtray.documents.einvoice.trade import TradeParty, buyer_of, delivery_of, issuer_of
from outtray.documents.einvoice.units import unit_code
from outtray.documents.schema.einvoice import PaymentMeans
from outtray.documents.schema.parties import Bank
from outtray.documents.schema.priced import PricedLine, PricedPaper, Totals

SPECIFICATION = "urn:cen.eu:en16931:2017"  # BT-24

# UNTDID 4461: a transfer, within SEPA or not.
_SEPA_TRANSFER, _TRANSFER = "58", "30"


@dataclass(frozen=True, slots=True)
class LineTerms:
    """A line (BG-25). The price is never negative (BR-27): what is taken back has the sign in
    its quantity. `rate` is None outside of VAT (BR-O-05).
    """

    id: str
    name: str
    details: str
    item: str
    quantity: Decimal
    unit_code: str
    price: Decimal
    discount: Discount | None
    category: str
    rate: Decimal | None
    total: Decimal


@dataclass(frozen=True, slots=True)
class Payment:
    """How it is paid (BG-16)."""

    means: PaymentMeans
    bank: Bank


@dataclass(frozen=True, slots=True)
class InvoiceTerms:
    """All that an invoice says. What the paper does not have is empty or None."""

    type_code: str
    number: str
    date: dt.date
    currency: str
    due: dt.date | None
    buyer_reference: str
    order_reference: str
    sales_order: str
    preceding: str
    preceding_date: dt.date | None
    notes: Sequence[str]
    seller: TradeParty
    buyer: TradeParty
    delivery: TradeParty | None
    delivery_date: dt.date | None
    payment: Payment | None
    payment_terms: str
    lines: Sequence[LineTerms]
    taxes: Sequence[VatPart]
    totals: Totals


def terms_of(paper: PricedPaper, type_code: str, facts: CompanyFacts) -> InvoiceTerms:
    """What the paper says, in the standard's terms. The paper is complete, as imported."""
    assert paper.totals, "a kept paper has its totals"
    taxes = breakdown(paper, facts)
    is_outside_vat = bool(taxes) and all(part.category == "O" for part in taxes)
    buyer = buyer_of(paper, is_outside_vat=is_outside_vat)
    has_supply = any(part.category == "K" for part in taxes)
    return InvoiceTerms(
        type_code=type_code,
        number=paper.number,
        date=paper.date,
        currency=paper.currency,
        due=paper.due,
        buyer_reference=paper.buyer_reference,
        order_reference=paper.your_reference,
        sales_order=paper.order_number,
        preceding=str(getattr(paper, "invoice_number", "")),
        preceding_date=getattr(paper, "invoice_date", None),
        notes=[note for note in (paper.intro, paper.closing, paper.terms.delivery) if note],
        seller=issuer_of(paper, facts, is_outside_vat=is_outside_vat),
        buyer=buyer,
        delivery=delivery_of(paper) or (buyer if has_supply else None),
        delivery_date=paper.delivery_date,
        payment=_payment(paper),
        payment_terms=paper.terms.payment,
        lines=list(_lines(paper, facts)),
        taxes=taxes,
        totals=paper.totals,
    )


def _payment(paper: PricedPaper) -> Payment | None:
    """What the paper says, else a transfer to our account where there is something to pay."""
    means, bank = paper.payment_means, paper.issuer.bank
    if means.code:
        return Payment(means, bank)
    if not bank.iban or paper.payable <= 0:
        return None
    code = _SEPA_TRANSFER if paper.currency == "EUR" else _TRANSFER
    return Payment(PaymentMeans(code=code), bank)


def _lines(paper: PricedPaper, facts: CompanyFacts) -> Iterator[LineTerms]:
    positions = [line.position for line in paper.lines]
    are_told_apart = all(positions) and len(set(positions)) == len(positions)
    for index, line in enumerate(paper.lines):
        yield _line(line, positions[index] if are_told_apart else str(index + 1), paper, facts)


def _line(line: PricedLine, name: str, paper: PricedPaper, facts: CompanyFacts) -> LineTerms:
    sign = -1 if line.unit_price < 0 else 1
    category = category_of(line, paper, facts)
    total = line.expected_total(paper.currency)
    return LineTerms(
        id=name,
        name=line.description,
        details=line.details,
        item=line.item,
        quantity=sign * line.quantity,
        unit_code=line.unit_code or unit_code(line.unit, facts.units),
        price=abs(line.unit_price),
        discount=discount_of(line, paper.currency),
        category=category,
        rate=None if category == "O" else line.tax_rate,
        total=total,
    )
