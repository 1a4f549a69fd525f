"""How to pay: amount, day, bank details and, for euros, a code to scan."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import zxingcpp

from outtray.documents.kinds.base import Kind
from outtray.documents.schema.paper import Paper
from outtray.documents.values import Values

_MOST_EPC = Decimal("999999999.99")
# EPC069-12: characters of the beneficiary's name, octets of the whole.
_MOST_NAME = 70
_MOST_OCTETS = 331
_DETAIL_SIZE = 8.6  # points, as the layouts set it
_LETTER = 0.2  # millimetres a point: wider than the average letter of any family here
_MOST_LABEL, _GAP = 42, 3.5


def payment_of(kind: Kind, values: Values) -> dict[str, object] | None:
    """What the payment panel says; None where there is nothing to pay."""
    amount = values.paper.payable
    if not kind.has_payment or amount <= 0:
        return None
    say = values.wording.say
    details = _details(values)
    return {
        "heading": say("payment.heading"),
        "sentence": _sentence(amount, values),
        "terms": values.paper.terms.payment,
        "details": details,
        "label_width": label_width(details, _DETAIL_SIZE),
        "scan": say("payment.scan"),
        "qr_alt": say("payment.qr"),
    }


def label_width(pairs: Sequence[Sequence[str]], size: float) -> float:
    """Millimetres that hold the longest label in letters of this size in points."""
    longest = max((len(label) for label, _ in pairs), default=0)
    return round(min(longest * size * _LETTER, _MOST_LABEL) + _GAP, 1)


def _sentence(amount: Decimal, values: Values) -> str:
    writer, due = values.writer, values.paper.due
    if due is None:
        return values.wording.say("payment.now", amount=writer.money(amount))
    return values.wording.say("payment.by", amount=writer.money(amount), date=writer.long_date(due))


def _details(values: Values) -> list[list[str]]:
    bank, say = values.paper.issuer.bank, values.wording.say
    if not bank.iban:
        return []
    pairs = (
        ("payment.holder", bank.holder or values.paper.issuer.name),
        ("payment.bank", bank.name),
        ("payment.iban", grouped(bank.iban)),
        ("payment.bic", bank.bic),
        ("payment.reference", values.paper.number),
    )
    return [[say(key), text] for key, text in pairs if text]


def grouped(iban: str) -> str:
    """An IBAN in groups of four, as people read it."""
    return " ".join(iban[start : start + 4] for start in range(0, len(iban), 4))


def qr_of(kind: Kind, paper: Paper) -> str:
    """The EPC code (EPC069-12) as SVG; empty unless euros are to be paid to an IBAN."""
    amount = paper.payable
    if not kind.has_payment:
        return ""
    if paper.currency != "EUR" or not paper.issuer.bank.iban or not 0 < amount <= _MOST_EPC:
        return ""
    payload = _epc_payload(paper, amount)
    if len(payload) > _MOST_OCTETS:
        return ""
    code = zxingcpp.create_barcode(payload, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    svg = code.to_svg(add_quiet_zones=False)
    return svg[svg.index("<svg") :]


def _epc_payload(paper: Paper, amount: Decimal) -> bytes:
    """Version 2 of the standard's data in UTF-8: no purpose, and text instead of a reference."""
    bank = paper.issuer.bank
    name = (bank.holder or paper.issuer.name)[:_MOST_NAME]
    lines = (
        *("BCD", "002", "1", "SCT"),
        *(bank.bic, name, bank.iban),
        *(f"EUR{amount:.2f}", "", "", paper.number),
    )
    return "\n".join(lines).encode()
