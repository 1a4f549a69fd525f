"""Reminder: which invoices are overdue, and what is still open of each."""

from __future__ import annotations

from outtray.documents.einvoice.facts import CompanyFacts
from outtray.documents.einvoice.trade import account_holder, buyer_of, issuer_of
from outtray.documents.einvoice.ubl.parts import head, money, role, ubl
from outtray.documents.einvoice.xml import NOTHING, Xml, many, tag
from outtray.documents.kinds.base import Kind
from outtray.documents.kinds.payment_reminder.kind import OverdueInvoice, PaymentReminder
from outtray.documents.schema.paper import Paper

_INVOICE = "380"  # UNTDID 1001
_TRANSFER = "30"  # UNTDID 4461


def write_reminder(kind: Kind, paper: Paper, facts: CompanyFacts) -> bytes:
    assert isinstance(paper, PaymentReminder), f"a {kind.name} has no overdue invoices"
    currency = paper.currency
    return ubl(
        "Reminder",
        head(paper, tag("cbc:ReminderSequenceNumeric", str(paper.level))),
        tag("cbc:DocumentCurrencyCode", currency),
        role("AccountingSupplierParty", issuer_of(paper, facts)),
        role("AccountingCustomerParty", buyer_of(paper)),
        _payment(paper),
        tag("cac:PaymentTerms", tag("cbc:Note", paper.terms.payment)),
        tag(
            "cac:LegalMonetaryTotal",
            money("LineExtensionAmount", paper.total - paper.fee, currency),
            money("ChargeTotalAmount", paper.fee, currency) if paper.fee else NOTHING,
            money("PayableAmount", paper.total, currency),
        ),
        *(_line(invoice, str(index), currency) for index, invoice in enumerate(paper.invoices, 1)),
    )


def _payment(paper: PaymentReminder) -> Xml:
    bank = paper.issuer.bank
    if not bank.iban:
        return NOTHING
    return tag(
        "cac:PaymentMeans",
        tag("cbc:PaymentMeansCode", _TRANSFER),
        tag("cbc:PaymentDueDate", paper.due_date.isoformat() if paper.due_date else ""),
        tag("cbc:PaymentID", paper.number),
        tag("cac:PayeeFinancialAccount", _account(paper)),
    )


def _account(paper: PaymentReminder) -> Xml:
    bank = paper.issuer.bank
    return many(
        tag("cbc:ID", bank.iban),
        tag("cbc:Name", account_holder(bank, issuer_of(paper, CompanyFacts()))),
        tag("cac:FinancialInstitutionBranch", tag("cbc:ID", bank.bic)),
    )


def _line(invoice: OverdueInvoice, name: str, currency: str) -> Xml:
    return tag(
        "cac:ReminderLine",
        tag("cbc:ID", name),
        tag("cbc:Note", f"Due on {invoice.due_date.isoformat()}"),
        money("DebitLineAmount", invoice.open, currency),
        tag(
            "cac:BillingReference",
            tag(
                "cac:InvoiceDocumentReference",
                tag("cbc:ID", invoice.number),
                tag("cbc:IssueDate", invoice.date.isoformat()),
                tag("cbc:DocumentTypeCode", _INVOICE),
            ),
        ),
    )
