"""A company's layouts: one default, names once, and only what the fonts can print."""

from __future__ import annotations

import pytest
from django.db import IntegrityError

from outtray.documents.keep_layout import LayoutWish, delete_layout, keep_layout
from outtray.documents.kinds.base import Kind
from outtray.documents.kinds.registry import KINDS
from outtray.documents.layouts import Layout
from outtray.documents.looks import Looks
from outtray.documents.pdf.look import Look, LookTexts
from outtray.documents.pdf.typesetting import typeset_paper
from outtray.lib.errors import Refused
from outtray.people.models import Membership
from tests.conftest import TurnedClock
from tests.documents.builders import document_of, raw, render

pytestmark = pytest.mark.django_db


def test_a_layout_becomes_the_look_of_documents(anna: Membership, clock: TurnedClock) -> None:
    wish = LayoutWish(
        "House",
        design="modern",
        font="Source Serif 4",
        colour="#ff8800",
        paper="us-letter",
        columns={"invoice": ["unit", "position"]},
        texts={"de": {"after": "Die Ware bleibt unser.\n"}, "en": {"before": ""}},
        footer=("bank", "address"),
        is_default=True,
    )

    keep_layout(anna, wish, at=clock.now())

    look = Looks.of(anna.company).standard
    assert (look.design, look.font, look.paper) == ("modern", "Source Serif 4", "us-letter")
    assert look.colour != "#ff8800", "small text in it could not be read"
    assert look.hidden == {"invoice": ("position", "unit")}
    assert look.texts == {"de": LookTexts(after="Die Ware bleibt unser.")}
    assert look.footer == ("address", "bank")
    assert typeset_paper("invoice", document_of(raw("invoice")).data, look).pages


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_every_kind_is_understood_without_its_free_columns(kind: Kind) -> None:
    free = tuple(column.name for column in kind.columns if column.free)
    document = document_of(raw(kind.name))

    pdf = typeset_paper(kind.name, document.data, Look(hidden={kind.name: free}))

    assert free
    assert len(free) < len(kind.columns)
    assert pdf.pages == render(document).pages


def test_a_new_default_takes_the_place_of_the_old(anna: Membership, clock: TurnedClock) -> None:
    old = keep_layout(anna, LayoutWish("Old", is_default=True), at=clock.now())

    new = keep_layout(anna, LayoutWish("New", is_default=True), at=clock.now())

    assert list(Layout.objects.filter(is_default=True)) == [new]
    keep_layout(anna, LayoutWish("Old", is_default=True), layout=old, at=clock.now())
    assert list(Layout.objects.filter(is_default=True)) == [old]


def test_the_database_keeps_one_default_a_company(anna: Membership, clock: TurnedClock) -> None:
    keep_layout(anna, LayoutWish("One", is_default=True), at=clock.now())
    other = keep_layout(anna, LayoutWish("Other"), at=clock.now())

    with pytest.raises(IntegrityError):
        Layout.objects.filter(pk=other.pk).update(is_default=True)


@pytest.mark.parametrize(
    ("wish", "field", "code"),
    [
        (LayoutWish(""), "name", "bad_text"),
        (LayoutWish("House"), "name", "name_taken"),
        (LayoutWish("x", texts={"de": {"footer": "x" * 241}}), "footer_de", "bad_text"),
        (LayoutWish("x", texts={"fr": {"after": "\N{CHEESE WEDGE}"}}), "after_fr", "missing_glyph"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    anna: Membership, clock: TurnedClock, wish: LayoutWish, field: str, code: str
) -> None:
    keep_layout(anna, LayoutWish("House"), at=clock.now())

    with pytest.raises(Refused) as refused:
        keep_layout(anna, wish, at=clock.now())

    assert (refused.value.field, refused.value.code) == (field, code)


def test_only_administrators_keep_and_delete_layouts(
    anna: Membership, ben: Membership, clock: TurnedClock
) -> None:
    layout = keep_layout(anna, LayoutWish("House"), at=clock.now())

    with pytest.raises(Refused):
        keep_layout(ben, LayoutWish("Ben's"), at=clock.now())
    with pytest.raises(Refused):
        delete_layout(ben, layout)

    delete_layout(anna, layout)
    assert not Layout.objects.exists()
