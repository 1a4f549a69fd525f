"""PDF layouts in the settings: made beside their preview."""

from __future__ import annotations

import base64
import re
from datetime import datetime

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from outtray.documents.kinds.registry import KINDS
from outtray.documents.layouts import Layout
from outtray.people.models import Membership
from outtray.web.layout_form import fresh
from tests.web.conftest import SignedIn

LOGO = (
    b"<svg xmlns='http://www.w3.org/2000/svg' width='40' height='20'>"
    b"<rect width='40' height='20' fill='#13579b'/></svg>"
)


def form(of: Membership, **changes: object) -> dict[str, object]:
    shown = {"name": "House", "design": "modern", **changes}
    typed = {**fresh(of.company), **shown}
    return {name: value for name, value in typed.items() if value not in (None, False)}


def pages(answer: str) -> list[str]:
    found = re.findall(r"data:image/svg\+xml;base64,([^\"]+)", answer)
    return [base64.b64decode(page).decode() for page in found]


def test_a_layout_is_made_changed_and_deleted(anna: Membership, signed_in: SignedIn) -> None:
    client = signed_in(anna)

    made = client.post(reverse("new_layout"), form(anna, after_de="Bis bald", is_default="on"))

    layout = Layout.objects.get()
    assert made.headers["Location"] == reverse("layout", args=[layout.pk])
    assert (layout.design, layout.colour, layout.is_default) == ("modern", "", True)
    assert layout.texts == {"de": {"before": "", "after": "Bis bald", "footer": ""}}
    changed = form(anna, own_colour="on", colour="#13579b", columns_invoice=["quantity", "item"])
    client.post(reverse("layout", args=[layout.pk]), changed)
    layout.refresh_from_db()
    assert layout.colour == "#13579b"
    assert layout.columns["invoice"] == ["details", "position", "unit", "unit_price"]
    client.post(reverse("delete_layout", args=[layout.pk]))
    assert not Layout.objects.exists()


def test_a_logo_of_its_own_is_kept_until_another_comes(
    anna: Membership, signed_in: SignedIn
) -> None:
    client = signed_in(anna)
    logo = SimpleUploadedFile("logo.svg", LOGO, "image/svg+xml")
    client.post(reverse("new_layout"), form(anna, logo="own", own_logo=logo))
    layout = Layout.objects.get()
    first = layout.logo

    client.post(reverse("layout", args=[layout.pk]), form(anna, logo="own"))

    layout.refresh_from_db()
    assert first
    assert layout.logo == first


def test_an_unsafe_logo_is_refused_at_its_field(anna: Membership, signed_in: SignedIn) -> None:
    logo = SimpleUploadedFile("logo.svg", b"<svg onload='alert(1)'/>", "image/svg+xml")

    answer = signed_in(anna).post(reverse("new_layout"), form(anna, logo="own", own_logo=logo))

    assert answer.status_code == 422
    assert not Layout.objects.exists()


def test_the_preview_shows_what_is_not_saved_yet(
    anna: Membership, signed_in: SignedIn, at: datetime
) -> None:
    asked = form(anna, name="", own_colour="on", colour="#7a1f4f", shown_kind="statement")

    answer = signed_in(anna).post(reverse("layout_preview"), asked)

    [page] = pages(answer.content.decode())
    assert "#7a1f4f" in page
    assert not Layout.objects.exists()


def test_every_kind_has_its_preview(anna: Membership, signed_in: SignedIn) -> None:
    client = signed_in(anna)

    for kind in KINDS:
        answer = client.post(reverse("layout_preview"), form(anna, shown_kind=kind))
        assert pages(answer.content.decode()), kind


def test_a_preview_that_cannot_be_says_why(anna: Membership, signed_in: SignedIn) -> None:
    answer = signed_in(anna).post(
        reverse("layout_preview"), form(anna, after_de="\N{CHEESE WEDGE}")
    )

    assert "No font here can print" in answer.content.decode()


def test_only_administrators_see_layouts(ben: Membership, signed_in: SignedIn) -> None:
    assert signed_in(ben).get(reverse("layouts")).status_code == 403
