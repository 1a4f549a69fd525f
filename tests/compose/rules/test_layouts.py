"""Which PDF layout a document is set in: party, template, kind, company; each with its reason."""

from __future__ import annotations

from dataclasses import replace

import pytest

from outtray.compose.models import DocumentDefault, PartyDefault
from outtray.compose.rules.company_rules import Rules
from outtray.compose.rules.layouts import layout_for
from outtray.compose.templates.choice import built_in
from outtray.documents.layouts import Layout
from outtray.documents.models import Document
from outtray.lib.errors import Refused
from outtray.people.models import Company, Membership
from tests.conftest import TurnedClock
from tests.documents.builders import bring_in, raw

pytestmark = pytest.mark.django_db


@pytest.fixture
def invoice(ben: Membership, clock: TurnedClock) -> Document:
    return bring_in(raw("invoice"), ben, clock).documents[0]


def layout(company: Company, clock: TurnedClock, name: str, **more: object) -> Layout:
    return Layout.objects.create(
        company=company, name=name, created_at=clock.now(), changed_at=clock.now(), **more
    )


def test_the_built_in_layout_has_the_companys_colour_and_paper(invoice: Document) -> None:
    chosen = layout_for(invoice)

    assert chosen.layout_id is None
    assert chosen.reason == "The built-in layout: the company has none of its own"
    assert chosen.look.paper == invoice.company.paper


def test_the_nearest_choice_wins(invoice: Document, clock: TurnedClock) -> None:
    company = invoice.company
    ours = layout(company, clock, "House", is_default=True)
    kinds = layout(company, clock, "Invoices")
    letters = layout(company, clock, "Letters")
    theirs = layout(company, clock, "Theirs", paper="us-letter")
    template = replace(built_in("invoice", "de"), name="Friendly", layout_id=letters.pk)

    reasons = [layout_for(invoice).reason]
    DocumentDefault.objects.create(company=company, kind="invoice", layout=kinds)
    reasons += [layout_for(invoice).reason, layout_for(invoice, template=template).reason]
    PartyDefault.objects.create(party=invoice.party, layout=theirs)
    last = layout_for(invoice, template=template)

    assert [*reasons, last.reason] == [
        "“House”, the company's default layout",
        "“Invoices”, the Default Document Template of invoices",
        "“Letters”, the PDF layout of the template “Friendly”",
        "“Theirs”, the PDF layout of Möbelhaus Ahrens KG",
    ]
    assert last.look.paper == "us-letter"
    assert layout_for(invoice, wanted=ours.pk).reason == "“House”, chosen by hand"


def test_layouts_for_thousands_are_read_once(
    invoice: Document, clock: TurnedClock, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    layout(invoice.company, clock, "House", is_default=True)
    rules = Rules.of(invoice.company)

    with django_assert_num_queries(0):  # type: ignore[operator] # pytest-django's own type
        looks = {id(layout_for(invoice, rules=rules).look) for _ in range(100)}

    assert len(looks) == 1


def test_nobody_takes_another_companys_layout(
    invoice: Document, clara: Membership, clock: TurnedClock
) -> None:
    hers = layout(clara.company, clock, "House", is_default=True)

    with pytest.raises(Refused) as refused:
        layout_for(invoice, wanted=hers.pk)

    assert refused.value.code == "no_such_layout"
    assert layout_for(invoice).layout_id is None
