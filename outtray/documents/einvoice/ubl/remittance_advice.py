"""RemittanceAdvice: which bills of a vendor a payment is for."""

from __future__ import annotations

from outtray.documents.einvoice.facts import CompanyFacts
from outtray.documents.einvoice.trade import buyer_of, issuer_of
from outtray.documents.einvoice.ubl.parts import head, money, role, ubl
from outtray.documents.einvoice.xml import NOTHING, Xml, tag
from outtray.documents.kinds.base import Kind
from outtray.documents.kinds.bill_payment.kind import BillPayment, PaidBill
from outtray.documents.schema.paper import Paper

_TRANSFER = "30"  # UNTDID 4461


def write_remittance_advice(kind: Kind, paper: Paper, facts: CompanyFacts) -> bytes:
    assert isinstance(paper, BillPayment), f"a {kind.name} pays no bills"
    currency = paper.currency
    return ubl(
        "RemittanceAdvice",
        head(paper),
        tag("cbc:DocumentCurrencyCode", currency),
        money("TotalPaymentAmount", paper.total, currency),
        tag("cbc:PaymentOrderReference", paper.payment_reference),
        role("AccountingCustomerParty", issuer_of(paper, facts)),
        role("AccountingSupplierParty", buyer_of(paper)),
        _account(paper),
        *(_line(bill, str(index), currency) for index, bill in enumerate(paper.bills, start=1)),
    )


def _account(paper: BillPayment) -> Xml:
    if not paper.account:
        return NOTHING
    return tag(
        "cac:PaymentMeans",
        tag("cbc:PaymentMeansCode", _TRANSFER),
        tag("cac:PayeeFinancialAccount", tag("cbc:ID", paper.account)),
    )


def _line(bill: PaidBill, name: str, currency: str) -> Xml:
    return tag(
        "cac:RemittanceAdviceLine",
        tag("cbc:ID", name),
        money("DebitLineAmount", bill.paid, currency),
        money("BalanceAmount", bill.remaining, currency),
        tag(
            "cac:BillingReference",
            tag(
                "cac:InvoiceDocumentReference",
                tag("cbc:ID", bill.number),
                tag("cbc:IssueDate", bill.date.isoformat()),
            ),
        ),
    )
