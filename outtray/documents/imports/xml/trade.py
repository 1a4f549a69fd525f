"""What UBL and CII have in common: lines, allowances and taxes, as our papers say them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from outtray.documents.imports.xml.parsing import filled
from outtray.documents.schema.amounts import rounded, share, times

Raw = dict[str, object]

_NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d{1,15})?", re.ASCII)
_IBAN = re.compile(r"[A-Za-z]{2}\d{2}[0-9A-Za-z ]{8,40}", re.ASCII)
_PRICE_STEP = Decimal("0.000001")
_PERCENT_STEP = Decimal("0.0001")
_EMAIL_SCHEMES = frozenset({"EM", "0"})
# Categories of UNTDID 5305 under which nothing is charged; their rate need not be given.
_UNCHARGED = frozenset({"Z", "E", "AE", "K", "G", "O"})


@dataclass(frozen=True, slots=True)
class Allowance:
    """A discount, or with `is_charge` an extra, of a line or of the whole document."""

    is_charge: bool
    amount: str
    percent: str = ""
    reason: str = ""
    tax_rate: str = ""
    category: str = ""

    @property
    def signed(self) -> Decimal | None:
        amount = decimal(self.amount)
        return None if amount is None else amount if self.is_charge else -amount


@dataclass(frozen=True, slots=True)
class Line:
    """A line as XML has it: a price for `base` units, a net total after its allowances."""

    position: str
    item: str
    description: str
    details: str
    quantity: str
    unit_code: str
    price: str
    base: str
    tax_rate: str
    category: str
    total: str
    allowances: Sequence[Allowance] = ()


def decimal(text: str) -> Decimal | None:
    """A number as XML writes it; None for anything else, which the schema then names."""
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def lines_of(lines: Iterable[Line], currency: str) -> Iterator[Raw]:
    """Our lines. What no percentage can express follows as a line of its own."""
    for line in lines:
        discount = _discount(line, currency)
        own = () if discount is not None else line.allowances
        yield _line(line, discount or "", own)
        for allowance in own:
            yield allowance_line(
                allowance, tax_rate=line.tax_rate, category=line.category, prefix=line.position
            )


def _line(line: Line, discount: str, apart: Sequence[Allowance]) -> Raw:
    return filled(
        {
            "position": line.position,
            "item": line.item,
            "description": line.description,
            "details": line.details,
            "quantity": line.quantity,
            "unit_code": line.unit_code,
            "unit_price": _unit_price(line),
            "discount_percent": discount,
            "tax_rate": rate_of(line.tax_rate, line.category),
            "tax_category": line.category,
            "total": _total_without(line, apart),
        }
    )


def _unit_price(line: Line) -> str:
    price, base = decimal(line.price), decimal(line.base)
    if price is None or base in {None, Decimal(1)} or not base:
        return line.price
    return format((price / base).quantize(_PRICE_STEP, rounding=ROUND_HALF_UP), "f")


def _discount(line: Line, currency: str) -> str | None:
    """The percentage that makes the line's total exactly; None if there is none."""
    if not line.allowances:
        return ""
    quantity, price, total = decimal(line.quantity), decimal(_unit_price(line)), decimal(line.total)
    amounts = [allowance.signed for allowance in line.allowances]
    if None in {quantity, price, total} or None in amounts:
        return None
    gross = times(quantity, price)  # type: ignore[arg-type] # none of them is None here
    less = -sum(amount for amount in amounts if amount is not None)
    if not gross or not 0 <= less / gross <= 1:
        return None
    percents = [line.allowances[0].percent, str(less * 100 / gross)]
    for given in percents:
        percent = decimal(given[:30])
        if percent is None or not 0 <= percent <= 100:
            continue
        percent = percent.quantize(_PERCENT_STEP, rounding=ROUND_HALF_UP)
        if rounded(share(gross, 100 - percent), currency) == total:
            return format(percent, "f")
    return None


def _total_without(line: Line, apart: Sequence[Allowance]) -> str:
    total = decimal(line.total)
    if total is None or not apart:
        return line.total
    amounts = [allowance.signed or Decimal(0) for allowance in apart]
    return format(total - sum(amounts, Decimal(0)), "f")


def allowance_line(
    allowance: Allowance, *, tax_rate: str = "", category: str = "", prefix: str = ""
) -> Raw:
    """A discount or charge as a line of its own: one, at the amount with its sign."""
    signed = allowance.signed
    reason = allowance.reason or ("Charge" if allowance.is_charge else "Discount")
    category = allowance.category or category
    return filled(
        {
            "position": f"{prefix}.1" if prefix else "",
            "description": reason,
            "quantity": "1",
            "unit_price": allowance.amount if signed is None else format(signed, "f"),
            "tax_rate": rate_of(allowance.tax_rate or tax_rate, category),
            "tax_category": category,
        }
    )


def rate_of(given: str, category: str) -> str:
    """The rate; nothing is charged in the categories that say so."""
    return given or ("0" if category in _UNCHARGED else "")


@dataclass(frozen=True, slots=True)
class TaxTold:
    """One part of the breakdown of taxes."""

    rate: str
    category: str
    net: str
    tax: str
    reason: str = ""
    reason_code: str = ""


def taxes_of(told: Iterable[TaxTold]) -> list[Raw]:
    """One tax a rate. Categories of one rate, such as free and exempt, are added up."""
    by_rate: dict[str, Raw] = {}
    for tax in told:
        rate = rate_of(tax.rate, tax.category)
        number = decimal(rate)
        key = rate if number is None else format(number.normalize(), "f")
        known = by_rate.get(key)
        by_rate[key] = _added(known, tax) if known else _tax(rate, tax)
    return list(by_rate.values())


def _tax(rate: str, tax: TaxTold) -> Raw:
    return filled(
        {
            "rate": rate,
            "net": tax.net,
            "tax": tax.tax,
            "category": tax.category,
            "exemption_reason": tax.reason,
            "exemption_code": tax.reason_code,
        }
    )


def _added(known: Raw, tax: TaxTold) -> Raw:
    """Both amounts added; what only one of them said is left to the lines."""
    added: Raw = {"rate": known["rate"]}
    for name, more in (("net", tax.net), ("tax", tax.tax)):
        one, other = decimal(str(known.get(name, ""))), decimal(more)
        added[name] = more if one is None or other is None else format(one + other, "f")
    if known.get("category") == tax.category:
        added["category"] = tax.category
    return added


def party_number(*candidates: str) -> str:
    """What the party is called by: the first that is given and short enough to be a number."""
    return next((each for each in candidates if each and len(each) <= 50), "")


def iban(text: str) -> str:
    """An account's number if it is an IBAN; others have no place on our papers."""
    return text if _IBAN.fullmatch(text) else ""


def person(name: str, email: str, phone: str) -> Raw | None:
    """A contact, if it has a name."""
    return filled({"name": name, "email": email, "phone": phone}) if name else None


def endpoint(scheme: str, number: str) -> Raw:
    """An electronic address, if it says of which scheme it is."""
    return {"scheme": scheme, "id": number} if scheme and number else {}


def email_of(contact: str, scheme: str, number: str) -> str:
    """Where the party wants post: its contact's address, else an electronic one that is email."""
    return contact or (number if scheme in _EMAIL_SCHEMES and "@" in number else "")


def totals_of(given: Mapping[str, str]) -> Raw:
    """The sums, if the three are there that belong together."""
    told = filled(given)
    return told if {"net", "tax", "gross"} <= set(told) else {}
