"""Invoice and CreditNote: the same in two words, and both follow EN 16931."""

from __future__ import annotations

from dataclasses import dataclass

from outtray.documents.einvoice.amounts import number
from outtray.documents.einvoice.facts import CompanyFacts
from outtray.documents.einvoice.taxes import VatPart
from outtray.documents.einvoice.terms import SPECIFICATION, InvoiceTerms, LineTerms, terms_of
from outtray.documents.einvoice.trade import account_holder
from outtray.documents.einvoice.ubl.parts import (
    delivery,
    discount,
    item,
    money,
    party_of,
    quantity,
    ubl,
)
from outtray.documents.einvoice.xml import NOTHING, Xml, many, tag
from outtray.documents.kinds.base import Kind
from outtray.documents.schema.paper import Paper
from outtray.documents.schema.priced import PricedPaper

_NO_ORDER = "NA"  # the schema wants the buyer's number even where only the seller's is known


@dataclass(frozen=True, slots=True)
class _Words:
    """What the two documents call the same things."""

    root: str
    type_code: str
    line: str
    quantity: str


_INVOICE = _Words("Invoice", "InvoiceTypeCode", "InvoiceLine", "InvoicedQuantity")
_CREDIT_NOTE = _Words("CreditNote", "CreditNoteTypeCode", "CreditNoteLine", "CreditedQuantity")


def write_invoice(kind: Kind, paper: Paper, facts: CompanyFacts) -> bytes:
    return _write(_INVOICE, _terms(kind, paper, facts))


def write_credit_note(kind: Kind, paper: Paper, facts: CompanyFacts) -> bytes:
    return _write(_CREDIT_NOTE, _terms(kind, paper, facts))


def _terms(kind: Kind, paper: Paper, facts: CompanyFacts) -> InvoiceTerms:
    assert isinstance(paper, PricedPaper), "an invoice has prices"
    assert kind.xml, "an invoice declares its form"
    return terms_of(paper, kind.xml.invoice_type, facts)


def _write(words: _Words, terms: InvoiceTerms) -> bytes:
    return ubl(
        words.root,
        _head(words, terms),
        tag("cbc:BuyerReference", terms.buyer_reference),
        _order(terms),
        _preceding(terms),
        tag("cac:AccountingSupplierParty", party_of(terms.seller, _creditor(terms))),
        tag("cac:AccountingCustomerParty", party_of(terms.buyer)),
        delivery(terms.delivery, day=_delivery_date(terms)),
        _payment_means(words, terms),
        tag("cac:PaymentTerms", tag("cbc:Note", terms.payment_terms)),
        _taxes(terms),
        _sums(terms),
        *(_line(words, line, terms.currency) for line in terms.lines),
    )


def _head(words: _Words, terms: InvoiceTerms) -> Xml:
    """A credit note has its due day with the payment means."""
    has_due = words is _INVOICE and terms.due
    return many(
        tag("cbc:CustomizationID", SPECIFICATION),
        tag("cbc:ID", terms.number),
        tag("cbc:IssueDate", terms.date.isoformat()),
        tag("cbc:DueDate", terms.due.isoformat() if has_due and terms.due else ""),
        tag(f"cbc:{words.type_code}", terms.type_code),
        tag("cbc:Note", "\n".join(terms.notes)),
        tag("cbc:DocumentCurrencyCode", terms.currency),
    )


def _order(terms: InvoiceTerms) -> Xml:
    if not terms.order_reference and not terms.sales_order:
        return NOTHING
    return tag(
        "cac:OrderReference",
        tag("cbc:ID", terms.order_reference or _NO_ORDER),
        tag("cbc:SalesOrderID", terms.sales_order),
    )


def _preceding(terms: InvoiceTerms) -> Xml:
    """The invoice that is credited or put right (BG-3)."""
    if not terms.preceding:
        return NOTHING
    day = terms.preceding_date
    return tag(
        "cac:BillingReference",
        tag(
            "cac:InvoiceDocumentReference",
            tag("cbc:ID", terms.preceding),
            tag("cbc:IssueDate", day.isoformat() if day else ""),
        ),
    )


def _creditor(terms: InvoiceTerms) -> Xml:
    """The creditor's identifier for direct debits (BT-90)."""
    return tag("cbc:ID", terms.payment.means.creditor_id if terms.payment else "", schemeID="SEPA")


def _delivery_date(terms: InvoiceTerms) -> Xml:
    day = terms.delivery_date
    return tag("cbc:ActualDeliveryDate", day.isoformat() if day else "")


def _payment_means(words: _Words, terms: InvoiceTerms) -> Xml:
    if terms.payment is None:
        return NOTHING
    means, bank = terms.payment.means, terms.payment.bank
    due = terms.due.isoformat() if terms.due and words is _CREDIT_NOTE else ""
    account = many(
        tag("cbc:ID", bank.iban),
        tag("cbc:Name", account_holder(bank, terms.seller)),
        tag("cac:FinancialInstitutionBranch", tag("cbc:ID", bank.bic)),
    )
    return tag(
        "cac:PaymentMeans",
        tag("cbc:PaymentMeansCode", means.code),
        tag("cbc:PaymentDueDate", due),
        tag("cbc:PaymentID", terms.number),
        tag("cac:PayeeFinancialAccount", account if bank.iban else NOTHING),
        tag(
            "cac:PaymentMandate",
            tag("cbc:ID", means.mandate),
            tag("cac:PayerFinancialAccount", tag("cbc:ID", means.debited_iban)),
        ),
    )


def _taxes(terms: InvoiceTerms) -> Xml:
    return tag(
        "cac:TaxTotal",
        money("TaxAmount", terms.totals.tax, terms.currency),
        *(_tax(part, terms.currency) for part in terms.taxes),
    )


def _tax(part: VatPart, currency: str) -> Xml:
    return tag(
        "cac:TaxSubtotal",
        money("TaxableAmount", part.net, currency),
        money("TaxAmount", part.tax, currency),
        tag(
            "cac:TaxCategory",
            tag("cbc:ID", part.category),
            tag("cbc:Percent", "" if part.rate is None else number(part.rate)),
            tag("cbc:TaxExemptionReasonCode", part.reason_code),
            tag("cbc:TaxExemptionReason", part.reason),
            tag("cac:TaxScheme", tag("cbc:ID", "VAT")),
        ),
    )


def _sums(terms: InvoiceTerms) -> Xml:
    totals, currency = terms.totals, terms.currency
    return tag(
        "cac:LegalMonetaryTotal",
        money("LineExtensionAmount", totals.net, currency),
        money("TaxExclusiveAmount", totals.net, currency),
        money("TaxInclusiveAmount", totals.gross, currency),
        money("PrepaidAmount", totals.paid, currency) if totals.paid else NOTHING,
        money("PayableAmount", totals.gross - totals.paid, currency),
    )


def _line(words: _Words, line: LineTerms, currency: str) -> Xml:
    return tag(
        f"cac:{words.line}",
        tag("cbc:ID", line.id),
        quantity(words.quantity, line.quantity, line.unit_code),
        money("LineExtensionAmount", line.total, currency),
        discount(line.discount, currency),
        item(line.name, line.details, line.item, _category(line)),
        tag("cac:Price", tag("cbc:PriceAmount", number(line.price), currencyID=currency)),
    )


def _category(line: LineTerms) -> Xml:
    return tag(
        "cac:ClassifiedTaxCategory",
        tag("cbc:ID", line.category),
        tag("cbc:Percent", "" if line.rate is None else number(line.rate)),
        tag("cac:TaxScheme", tag("cbc:ID", "VAT")),
    )
