"""What all kinds of document have in common."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field

from outtray.documents.languages import Language
from outtray.documents.problems import Problem, problem_at
from outtray.documents.schema.amounts import Currency, Day
from outtray.documents.schema.part import Part
from outtray.documents.schema.parties import ContactPerson, Issuer, PartyPart, Place
from outtray.documents.schema.text import Email, GivenWord, Note, Word

# Measured: 2,000 lines are about 100 pages, 3 MB and a few seconds of typesetting. Beyond,
# nobody reads the PDF, and a mistaken export is more likely than a document.
MOST_LINES = 2_000


class Terms(Part):
    """What was agreed, in the document's own words."""

    payment: Note = ""
    delivery: Note = ""


class Paper(Part):
    """A document as it was written. Its kind adds lines, amounts and days."""

    kind: str
    number: GivenWord
    date: Day
    language: Language
    currency: Currency | Literal[""] = ""
    issuer: Issuer
    party: PartyPart
    bill_to: Place = Place()
    ship_to: Place = Place()
    contact: ContactPerson | None = None
    use_contact_email: Annotated[bool, Field(strict=True)] = False
    our_contact: ContactPerson | None = None
    your_reference: Word = ""
    cc_email: Email = ""
    status: Literal["open", "paid", "cancelled"] = "open"
    title: Word = ""
    intro: Note = ""
    closing: Note = ""
    terms: Terms = Terms()

    @property
    def total(self) -> Decimal | None:
        """What it amounts to, or None where it has no amounts."""
        return None

    @property
    def payable(self) -> Decimal:
        """What the party is asked to pay with it; nothing or less where it owes nothing."""
        return self.total or Decimal(0)

    @property
    def due(self) -> dt.date | None:
        """The day by which money is expected."""
        return None

    def completed(self) -> Self:
        """The same with all that can be computed filled in. Only for papers without problems."""
        return self

    def problems(self) -> Iterator[Problem]:
        """What does not fit together, beyond what the schema sees in single fields."""
        if self.use_contact_email and not (self.contact and self.contact.email):
            yield problem_at(
                ("contact", "email"),
                "missing",
                "The contact's email is to be used, but none is given.",
            )


def not_before(paper_date: dt.date, day: dt.date | None, name: str) -> Iterator[Problem]:
    """A day that must not lie before the document's own date."""
    if day is not None and day < paper_date:
        yield problem_at(
            (name,),
            "too_early",
            f"The {name.replace('_', ' ')} {day} lies before the document's date {paper_date}.",
        )
