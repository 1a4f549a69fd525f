"""The sums under the table: net, each tax, the total; what is open and the fee of reminders."""

from __future__ import annotations

from decimal import Decimal

from outtray.documents.kinds.base import Kind, Sum
from outtray.documents.schema.priced import PricedPaper, Tax
from outtray.documents.values import Values

Line = dict[str, object]


def sums_of(kind: Kind, values: Values) -> list[Line]:
    """Lines of label and amount; the one that counts is `strong`."""
    if isinstance(values.paper, PricedPaper):
        return _priced(values.paper, values)
    return [line for each in kind.sums if (line := _declared(each, values))]


def strip_of(kind: Kind, values: Values) -> list[list[str]]:
    """Labels and amounts that stand side by side; none where the paper leaves them open."""
    part = getattr(values.paper, kind.strip) if kind.strip else None
    if part is None:
        return []
    say, write = values.wording.say, values.writer.amount
    return [[say(f"{kind.strip}.{name}"), write(amount)] for name, amount in part]


def _declared(each: Sum, values: Values) -> Line | None:
    amount: Decimal = getattr(values.paper, each.path)
    if each.optional and amount in {0, values.paper.total}:
        return None
    write = values.writer.money if each.strong else values.writer.amount
    return _sum(values.wording.say(f"total.{each.name}"), write(amount), strong=each.strong)


def _priced(paper: PricedPaper, values: Values) -> list[Line]:
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


def _sum(label: str, amount: str, *, strong: bool = False) -> Line:
    return {"label": label, "amount": amount, "strong": strong}
