"""Says in a bookkeeper's words which rule an e-invoice does not keep, and what is to be done.

The rules of EN 16931 have the same names in both syntaxes. Those that a paper of ours can
break are said in our own words; for the others the rule's own must do.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from outtray.documents.einvoice.schematron import FailedRule
from outtray.documents.problems import MOST_PROBLEMS

if TYPE_CHECKING:  # it needs what only the extra brings
    from outtray.documents.einvoice.xsd import SchemaError

SCHEMA = "schema"  # stands for a rule, where only the schema says no


@dataclass(frozen=True, slots=True)
class EInvoiceProblem:
    """A rule that is broken, in words; `path` is the paper's field to look at, if one is known."""

    rule: str
    sentence: str
    path: str = ""


_VAT_ID_OR_NUMBER = (
    "issuer.vat_id",
    "The seller's VAT ID (or, without one, its tax number) is missing. "
    "An administrator enters it in the company's settings.",
)
_BOTH_VAT_IDS = (
    "party.vat_id",
    "Without tax, for {why}, the VAT IDs of both sides must be given: "
    "the seller's and the customer's.",
)
_WHY_ZERO = (
    "tax_category",
    "Nothing says why there is no tax. Give the tax category: Z zero rated, E exempt, AE reverse "
    "charge, K to another EU country, G export, O outside of VAT.",
)
_RATE_MUST_BE_ZERO = (
    "tax_rate",
    "The tax category says that no tax is charged, but the rate is above 0 %.",
)

# Rule: the field to look at, and what is to be said. Fields of lines are named within them.
_SAID: dict[str, tuple[str, str]] = {
    "BR-08": (
        "issuer.address",
        "The seller's address is missing. It belongs in the company's settings.",
    ),
    "BR-09": (
        "issuer.address.country",
        "The country of the seller's address is missing, as a code like DE.",
    ),
    "BR-10": ("party.address", "The customer's address is missing."),
    "BR-11": (
        "party.address.country",
        "The country of the customer's address is missing, as a code like DE.",
    ),
    "BR-23": (
        "unit_code",
        "There is no code for this unit. Give unit_code, like H87 for pieces or HUR for hours, "
        "or enter the unit's word in the settings of e-invoices.",
    ),
    "BR-50": ("issuer.bank.iban", "The account to pay to is missing."),
    "BR-57": (
        "ship_to.address.country",
        "The country of the delivery address is missing, as a code like DE.",
    ),
    "BR-61": ("issuer.bank.iban", "A transfer is asked for, but the seller's IBAN is missing."),
    "BR-CO-04": _WHY_ZERO,
    "BR-47": _WHY_ZERO,
    "BR-CO-09": (
        "party.vat_id",
        "A VAT ID must begin with the code of its country, like DE136695976. "
        "Look at the seller's and the customer's.",
    ),
    "BR-CO-10": ("totals.net", "The sum of the lines is not the net total."),
    "BR-CO-13": ("totals.net", "The total without tax is not the sum of the lines."),
    "BR-CO-14": ("totals.tax", "The total of the tax is not the sum of the taxes by rate."),
    "BR-CO-15": ("totals.gross", "The gross total is not the net total plus the tax."),
    "BR-CO-16": (
        "totals.due",
        "The amount due is not the gross total less what was paid beforehand.",
    ),
    "BR-CO-17": ("taxes", "A tax is not its rate times its net amount."),
    "BR-CO-26": (
        "issuer.vat_id",
        "The seller cannot be identified: its VAT ID or its entry in the commercial register is "
        "needed. An administrator enters it in the company's settings.",
    ),
    "BR-S-02": _VAT_ID_OR_NUMBER,
    "BR-Z-02": _VAT_ID_OR_NUMBER,
    "BR-E-02": _VAT_ID_OR_NUMBER,
    "BR-AF-02": _VAT_ID_OR_NUMBER,
    "BR-AG-02": _VAT_ID_OR_NUMBER,
    "BR-G-02": (
        "issuer.vat_id",
        "The seller's VAT ID is missing; an export without tax needs it.",
    ),
    "BR-AE-02": (_BOTH_VAT_IDS[0], _BOTH_VAT_IDS[1].format(why="reverse charge")),
    "BR-IC-02": (_BOTH_VAT_IDS[0], _BOTH_VAT_IDS[1].format(why="a supply to another EU country")),
    "BR-S-05": (
        "tax_rate",
        "The tax category S, standard rate, needs a rate above 0 %.",
    ),
    "BR-Z-05": _RATE_MUST_BE_ZERO,
    "BR-E-05": _RATE_MUST_BE_ZERO,
    "BR-AE-05": _RATE_MUST_BE_ZERO,
    "BR-G-05": _RATE_MUST_BE_ZERO,
    "BR-IC-05": _RATE_MUST_BE_ZERO,
    "BR-AE-09": _RATE_MUST_BE_ZERO,
    "BR-E-09": _RATE_MUST_BE_ZERO,
    "BR-G-09": _RATE_MUST_BE_ZERO,
    "BR-IC-09": _RATE_MUST_BE_ZERO,
    "BR-O-09": _RATE_MUST_BE_ZERO,
    "BR-Z-09": _RATE_MUST_BE_ZERO,
    "BR-E-10": (
        "taxes",
        "The reason for the exemption from tax is missing: give exemption_reason with the tax.",
    ),
    "BR-IC-11": (
        "delivery_date",
        "A supply to another EU country without tax must say when it was delivered.",
    ),
    "BR-IC-12": (
        "ship_to.address.country",
        "A supply to another EU country without tax must say to which country it went.",
    ),
    "BR-O-11": (
        "taxes",
        "Lines outside of VAT (category O) cannot stand on one invoice with lines that are not.",
    ),
    "BR-CL-04": ("currency", "EN 16931 does not know this currency."),
    "BR-CL-14": ("party.address.country", "EN 16931 does not know one of the countries."),
    "BR-CL-16": ("payment_means.code", "There is no such means of payment in UNTDID 4461."),
    "BR-CL-22": ("taxes", "The code of the exemption is not on the list of VATEX codes."),
    "BR-CL-23": ("unit_code", "The unit code is not one of UN/ECE Recommendation 20."),
    "BR-CL-25": ("party.endpoint.scheme", "The scheme of the electronic address is not known."),
}
_DECIMALS = (
    "totals",
    "EN 16931 allows two decimals in amounts, and this currency has more. "
    "Such an invoice cannot be an e-invoice.",
)
_FAMILIES = (
    (re.compile(r"BR-DEC-\d+"), _DECIMALS),
    (
        re.compile(r"BR-[A-Z]+-(01|08)"),
        ("taxes", "The amounts by tax category do not fit the lines: one category has one rate."),
    ),
)
_OF_LINES = frozenset({"", "unit_code", "tax_category", "tax_rate"})

# What only follows from another broken rule is not said where that one is.
_FOLLOWS = (
    (re.compile(r"BR-09"), re.compile(r"BR-08")),
    (re.compile(r"BR-11"), re.compile(r"BR-10")),
    (re.compile(r"FX-SCH-.*"), re.compile(r"BR-.*")),
    (re.compile(r"BR-47|BR-\w+-01"), re.compile(r"BR-CO-04")),
    (re.compile(r"BR-CO-26"), re.compile(r"BR-\w+-02")),
    (re.compile(r"BR-O-(02|12)"), re.compile(r"BR-O-11")),
    (re.compile(r"BR-(AE|E|G|IC|Z)-(01|08|09)"), re.compile(r"BR-(AE|E|G|IC|Z)-05")),
    (re.compile(r"BR-CO-1\d|BR-\w+-08|UBL-DT-01"), re.compile(r"BR-DEC-\d+")),
)

# The checker names the element behind the gap: of ours only a reference to an order can lack.
_SCHEMA_SAID = (
    (
        re.compile(r"^Element 'SellerSupplierParty': This element is not expected"),
        "order_number",
        "A confirmation names the order that it confirms: give order_number or your_reference.",
    ),
)

_LINE = re.compile(
    r"(?:IncludedSupplyChainTradeLineItem|InvoiceLine|CreditNoteLine)(?:\[[^\]]*\])?\[(\d+)\]"
)
# Factur-X holds codes against lists without a rule's name; the element says which list.
_LISTED = (
    (re.compile(r"unitCode"), "BR-CL-23"),
    (re.compile(r"CountryID"), "BR-CL-14"),
    (re.compile(r"ExemptionReasonCode"), "BR-CL-22"),
    (re.compile(r"TradeSettlementPaymentMeans/.*TypeCode|PaymentMeans\W+TypeCode"), "BR-CL-16"),
    (re.compile(r"CurrencyCode|currencyID"), "BR-CL-04"),
    (re.compile(r"URIID|schemeID"), "BR-CL-25"),
)
_NAMESPACE = re.compile(r"\{[^}]*\}")
_OWN_NAME = re.compile(r"^\s*\[[^\]]*\]\s*-?\s*")


def problems_from_rules(failed: Iterable[FailedRule]) -> tuple[EInvoiceProblem, ...]:
    """Each broken rule once for each place, without those that only follow from others."""
    rules = [(_name(rule), rule) for rule in failed]
    names = {name for name, _ in rules}
    told = [_problem(name, rule) for name, rule in rules if not _follows(name, names)]
    once = {(each.path, each.sentence): each for each in reversed(told)}
    return tuple(each for each in told if once[each.path, each.sentence] is each)[:MOST_PROBLEMS]


def _follows(name: str, names: Iterable[str]) -> bool:
    return any(
        follower.fullmatch(name) and any(leader.fullmatch(other) for other in names)
        for follower, leader in _FOLLOWS
    )


def problems_from_schema(errors: Iterable[SchemaError]) -> tuple[EInvoiceProblem, ...]:
    """What does not fit the schema; of these only few can be said in words of the business."""
    return tuple(dict.fromkeys(_schema_problem(error) for error in errors))


def _name(rule: FailedRule) -> str:
    """The rule's name; for one of a code list, the standard's name for that list."""
    if rule.id.startswith("BR-"):
        return rule.id
    seen = f"{rule.location} {rule.text}"
    return next((name for shape, name in _LISTED if shape.search(seen)), rule.id or "EN 16931")


def _problem(name: str, rule: FailedRule) -> EInvoiceProblem:
    """What concerns the whole paper is said once, though each line breaks the rule."""
    known = _SAID.get(name) or next(
        (said for shape, said in _FAMILIES if shape.fullmatch(name)), None
    )
    field, sentence = known or ("", f"{_OWN_NAME.sub('', rule.text).rstrip('.')}.")
    line = _LINE.search(rule.location)
    if line is None or field not in _OF_LINES:
        return EInvoiceProblem(name, sentence, field)
    place = f"lines[{int(line[1]) - 1}]"
    return EInvoiceProblem(
        name, f"Line {line[1]}: {sentence}", f"{place}.{field}" if field else place
    )


def _schema_problem(error: SchemaError) -> EInvoiceProblem:
    message = _NAMESPACE.sub("", error.message)
    for shape, path, sentence in _SCHEMA_SAID:
        if shape.search(message):
            return EInvoiceProblem(SCHEMA, sentence, path)
    return EInvoiceProblem(SCHEMA, f"The file does not fit its schema: {message}")


def in_one_sentence(problems: Iterable[EInvoiceProblem], *, most: int = 3) -> str:
    """The first of them with their rules, and how many there are besides."""
    return " ".join(_listed(list(problems), most))


def _listed(problems: list[EInvoiceProblem], most: int) -> Iterator[str]:
    for problem in problems[:most]:
        yield f"{problem.sentence} ({problem.rule})"
    if len(problems) > most:
        yield f"And {len(problems) - most} more."
