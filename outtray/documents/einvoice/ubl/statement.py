"""Statement: how the balance of a customer's account came about."""

from __future__ import annotations

from outtray.documents.einvoice.facts import CompanyFacts
from outtray.documents.einvoice.trade import buyer_of, issuer_of
from outtray.documents.einvoice.ubl.parts import head, money, role, ubl
from outtray.documents.einvoice.xml import NOTHING, Xml, tag
from outtray.documents.kinds.base import Kind
from outtray.documents.kinds.statement.kind import Movement, Statement
from outtray.documents.schema.paper import Paper


def write_statement(kind: Kind, paper: Paper, facts: CompanyFacts) -> bytes:
    assert isinstance(paper, Statement), f"a {kind.name} has no movements"
    currency = paper.currency
    return ubl(
        "Statement",
        head(paper),
        tag("cbc:DocumentCurrencyCode", currency),
        money("TotalDebitAmount", paper.charges, currency),
        money("TotalCreditAmount", -paper.credits, currency),
        money("TotalBalanceAmount", paper.total, currency),
        tag(
            "cac:StatementPeriod",
            tag("cbc:StartDate", paper.period_start.isoformat()),
            tag("cbc:EndDate", paper.period_end.isoformat()),
        ),
        role("AccountingSupplierParty", issuer_of(paper, facts)),
        role("AccountingCustomerParty", buyer_of(paper)),
        _opening(paper),
        *(_line(each, str(index), currency) for index, each in enumerate(paper.movements, 1)),
    )


def _opening(paper: Statement) -> Xml:
    """The balance brought forward is a line of its own, so there is always one."""
    return tag(
        "cac:StatementLine",
        tag("cbc:ID", "0"),
        tag("cbc:BalanceBroughtForwardIndicator", "true"),
        money("BalanceAmount", paper.opening_balance, paper.currency),
    )


def _line(each: Movement, name: str, currency: str) -> Xml:
    reference = tag(
        "cac:DocumentReference",
        tag("cbc:ID", each.number),
        tag("cbc:IssueDate", each.date.isoformat()),
    )
    return tag(
        "cac:StatementLine",
        tag("cbc:ID", name),
        tag("cbc:Note", each.description),
        NOTHING if each.charge is None else money("DebitLineAmount", each.charge, currency),
        NOTHING if each.credit is None else money("CreditLineAmount", each.credit, currency),
        NOTHING if each.balance is None else money("BalanceAmount", each.balance, currency),
        reference if each.number else NOTHING,
    )
