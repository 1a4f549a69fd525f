"""Sorts the lines of a paper into the tax categories of EN 16931 (UNTDID 5305)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from outtray.documents.einvoice.facts import CompanyFacts
from outtray.documents.schema.amounts import rounded, share
from outtray.documents.schema.priced import PricedLine, PricedPaper

# Code and words for why nothing is charged (BT-121, BT-120). Exempt has none: there are many
# reasons, and the paper has to say which (BR-E-10).
_REASONS = {
    "AE": ("VATEX-EU-AE", "Reverse charge"),
    "K": ("VATEX-EU-IC", "Intra-community supply"),
    "G": ("VATEX-EU-G", "Export outside the EU"),
    "O": ("VATEX-EU-O", "Not subject to VAT"),
}
_WITH_REASON = frozenset({"E", *_REASONS})


@dataclass(frozen=True, slots=True)
class VatPart:
    """One part of the VAT breakdown (BG-23): what one category at one rate comes to."""

    category: str
    rate: Decimal | None
    net: Decimal
    tax: Decimal
    reason: str
    reason_code: str


def category_of(line: PricedLine, paper: PricedPaper, facts: CompanyFacts) -> str:
    """The line's own category, else its rate's; standard above 0 %.

    Empty at 0 % where nobody says why: that is not ours to guess.
    """
    given = next((tax.category for tax in paper.taxes if tax.rate == line.tax_rate), "")
    usual = "S" if line.tax_rate else facts.zero_category
    return line.tax_category or given or usual


def breakdown(paper: PricedPaper, facts: CompanyFacts) -> list[VatPart]:
    """The lines' totals by category and rate, highest rate first."""
    nets: dict[tuple[str, Decimal], Decimal] = {}
    for line in paper.lines:
        key = category_of(line, paper, facts), line.tax_rate
        nets[key] = nets.get(key, Decimal(0)) + line.expected_total(paper.currency)
    by_rate = sorted(nets.items(), key=lambda part: (-part[0][1], part[0][0]))
    return [_part(*key, net, paper, facts) for key, net in by_rate]


def _part(
    category: str, rate: Decimal, net: Decimal, paper: PricedPaper, facts: CompanyFacts
) -> VatPart:
    reason, code = _reason(category, rate, paper, facts)
    return VatPart(
        category=category,
        rate=None if category == "O" else rate,
        net=net,
        tax=rounded(share(net, rate), paper.currency),
        reason=reason,
        reason_code=code,
    )


def _reason(
    category: str, rate: Decimal, paper: PricedPaper, facts: CompanyFacts
) -> tuple[str, str]:
    """The paper's words and code first, else the company's, else the standard's."""
    if category not in _WITH_REASON:
        return "", ""
    given = next((tax for tax in paper.taxes if tax.rate == rate), None)
    own = given.exemption_reason if given else ""
    own_code = given.exemption_code if given else ""
    code, words = _REASONS.get(category, ("", ""))
    settled = facts.zero_reason if category == facts.zero_category else ""
    return own or settled or words, own_code or code
