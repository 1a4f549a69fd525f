"""What a company settles for all its e-invoices, where a paper leaves it open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from outtray.documents.schema.einvoice import NO_ENDPOINT, Endpoint


@dataclass(frozen=True, slots=True)
class CompanyFacts:
    """Plain values, so that they can go to another process.

    `units` leads from the company's own words (see `units.bare`) to codes. `zero_category`
    is the tax category of lines at 0 % that name none, with its `zero_reason`.
    """

    tax_number: str = ""
    endpoint: Endpoint = NO_ENDPOINT
    zero_category: str = ""
    zero_reason: str = ""
    units: Mapping[str, str] = field(default_factory=dict)


NO_FACTS = CompanyFacts()
