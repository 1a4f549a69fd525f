"""PDF layouts as a program keeps them."""

from __future__ import annotations

import base64

import pytest

from outtray.documents.layouts import Layout
from outtray.documents.models import Document
from tests.api.conftest import Program

LOGO = (
    b"<svg xmlns='http://www.w3.org/2000/svg' width='40' height='20'>"
    b"<rect width='40' height='20' fill='#13579b'/></svg>"
)


def made(program: Program, **wanted: object) -> str:
    answer = program.post("/layouts", {"name": "House", **wanted})
    assert answer.status == 201, answer.content
    return f"/layouts/{answer.json['id']}"


def test_a_layout_is_made_changed_read_and_deleted(annas: Program) -> None:
    wanted = {"design": "modern", "texts": {"de": {"after": "Bis bald"}}, "is_default": True}
    path = made(annas, **wanted, left_out={"invoice": ["position"]}, footer=["bank"])

    first = annas.get(path).json
    changed = annas.ask("PUT", path, {"name": "Garden", "colour": "#13579b"})
    listed = annas.get("/layouts").json["items"]

    assert (first["design"], first["left_out"]) == ("modern", {"invoice": ["position"]})
    assert first["texts"]["de"]["after"] == "Bis bald"
    assert first["footer"] == ["bank"]
    assert changed.json["left_out"] == {}
    assert [(each["name"], each["colour"]) for each in listed] == [("Garden", "#13579b")]
    assert annas.ask("DELETE", path).status == 204
    assert annas.get(path).status == 404


def test_a_logo_of_its_own_stays_until_another_comes(annas: Program) -> None:
    coded = base64.b64encode(LOGO).decode()
    path = made(annas, logo="own", own_logo=coded)
    kept = Layout.objects.get().logo

    changed = annas.ask("PUT", path, {"name": "House", "logo": "own"})

    assert (changed.json["logo"], Layout.objects.get().logo) == ("own", kept)
    assert annas.ask("PUT", path, {"name": "House"}).json["logo"] == "company"
    refused = annas.post("/layouts", {"name": "Other", "logo": "own"})
    assert (refused.status, refused.code) == (422, "no_logo")


@pytest.mark.parametrize(
    ("wrong", "code", "field"),
    [
        ({"name": " "}, "bad_text", "name"),
        ({"left_out": {"invoice": ["amount"]}}, "unknown_column", "columns_invoice"),
        ({"left_out": {"letter": ["item"]}}, "unknown_kind", ""),
        ({"texts": {"de": {"footer": "\ue000"}}}, "missing_glyph", "footer_de"),
        ({"logo": "own", "own_logo": "eA=="}, "unreadable_logo", ""),
        ({"colour": "blue"}, "invalid", "colour"),
    ],
)
def test_what_a_layout_cannot_have_is_refused(
    annas: Program, wrong: dict[str, object], code: str, field: str
) -> None:
    refused = annas.post("/layouts", {"name": "House", **wrong})

    assert (refused.status, refused.code) == (422, code)
    assert [each["field"] for each in refused.json["errors"]] == ([field] if field else [])
    assert not Layout.objects.exists()


def test_a_document_is_seen_in_a_layout_kept_or_not(annas: Program, papers: list[Document]) -> None:
    path = made(annas)

    kept = annas.get(f"{path}/preview?kind=packing_slip&language=fr")
    tried = annas.post("/layouts/previews", {"name": "x", "font": "IBM Plex Sans"})
    unknown = annas.get(f"{path}/preview?kind=letter")

    for answer in (kept, tried):
        assert answer.headers["Content-Type"] == "application/pdf"
        assert answer.content.startswith(b"%PDF")
    assert b"IBMPlexSans" in tried.content
    assert b"IBMPlexSans" not in kept.content
    assert (unknown.status, unknown.code) == (422, "unknown_kind")
    assert Layout.objects.get().name == "House"


def test_a_user_sees_the_layouts_and_changes_none(annas: Program, bens: Program) -> None:
    path = made(annas)

    refused = [
        bens.post("/layouts", {"name": "Mine"}),
        bens.ask("PUT", path, {"name": "Mine"}),
        bens.ask("DELETE", path),
        bens.post("/layouts/previews", {"name": "Mine"}),
    ]

    assert [each.code for each in refused] == ["not_allowed"] * 4
    assert [each["name"] for each in bens.get("/layouts").json["items"]] == ["House"]
