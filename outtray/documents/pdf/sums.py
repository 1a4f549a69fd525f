"""The sums under the table: net, each tax, the total; what is open and the fee of reminders."""

from __future__ import annotations

from decimal import Decimal

from outtray.documents.schema.paper import Paper
from outtray.documents.schema.priced import PricedPaper, Tax
from outtray.documents.values import Values

Sum = dict[str, object]


def sums_of(values: Values) -> list[Sum]:
    """Lines of label and amount; the one that counts is `strong`."""
    paper = values.paper
    if isinstance(paper, PricedPaper):
        return _priced(paper, values)
    return _open(paper, values) if paper.total is not None else []


def _priced(paper: PricedPaper, values: Values) -> list[Sum]:
    totals = paper.totals
    assert totals
    say, writer = values.wording.say, values.writer
    lines = [_sum(say("total.net"), writer.amount(totals.net))]
    lines += [_sum(_tax_label(tax, values), writer.amount(tax.tax)) for tax in paper.taxes]
    lines.append(_sum(say("total.gross"), writer.money(totals.gross), strong=True))
    if totals.paid and totals.due is not None:
        lines.append(_sum(say("total.paid"), writer.amount(-totals.paid)))
        lines.append(_sum(say("total.due"), writer.money(totals.due), strong=True))
    return lines


def _tax_label(tax: Tax, values: Values) -> str:
    writer = values.writer
    return values.wording.say(
        "total.tax",
        name=tax.name or values.wording.say("total.tax_name"),
        rate=writer.percent(tax.rate),
        net=writer.amount(tax.net),
    )


def _open(paper: Paper, values: Values) -> list[Sum]:
    say, writer = values.wording.say, values.writer
    total = paper.total
    fee: Decimal = getattr(paper, "fee", Decimal(0))
    assert total is not None
    lines = []
    if fee:
        lines.append(_sum(say("total.open"), writer.amount(total - fee)))
        lines.append(_sum(say("total.fee"), writer.amount(fee)))
    return [*lines, _sum(say("total.due"), writer.money(total), strong=True)]


def _sum(label: str, amount: str, *, strong: bool = False) -> Sum:
    return {"label": label, "amount": amount, "strong": strong}
