"""PDF layouts: how documents look, kept and tried as on their page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema
from ninja.responses import Status
from pydantic import Base64Bytes, Field

from outtray.api.access import me
from outtray.api.values import Page, PageQuery, Text, page
from outtray.documents.keep_layout import (
    MOST_TEXT,
    LayoutWish,
    delete_layout,
    drafted,
    keep_layout,
    require_may_keep,
)
from outtray.documents.kinds.registry import KINDS
from outtray.documents.languages import Language
from outtray.documents.layout_trials import paper_to_show
from outtray.documents.layouts import Layout
from outtray.documents.logo import check_logo
from outtray.documents.looks import Looks
from outtray.documents.pdf.look import DESIGNS, FONTS, FOOTER_PARTS, Design, Font, FooterPart
from outtray.documents.pdf.typesetting import typeset_paper
from outtray.lib import clock
from outtray.lib.errors import Refused
from outtray.people.models import Membership

router = Router(tags=["Layouts"])

_PDF: dict[str, Any] = {
    "responses": {
        200: {
            "description": "The PDF",
            "content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}},
        }
    }
}


class LayoutTexts(Schema):
    """What a layout says beside the document: above its lines, at its end, in its footer."""

    before: Text = Field("", max_length=MOST_TEXT["before"])
    after: Text = Field("", max_length=MOST_TEXT["after"])
    footer: Text = Field("", max_length=MOST_TEXT["footer"])


class LayoutFields(Schema):
    """How documents look. An empty `colour` or `paper` is the company's.

    `logo` says whose: the `company`'s, one of its `own`, or `none`. `left_out` names by kind
    the columns that are not shown. The default is used where nothing chooses another.
    """

    name: Text = Field(min_length=1, max_length=100)
    design: Design = DESIGNS[0]
    font: Font = FONTS[0]
    colour: Annotated[str, Field(pattern="^(#[0-9a-fA-F]{6})?$", examples=["#1f4f82"])] = ""
    paper: Literal["", "a4", "us-letter"] = ""
    logo: Literal["company", "own", "none"] = "company"
    left_out: dict[str, list[Text]] = Field({}, examples=[{"invoice": ["position"]}])
    texts: dict[Language, LayoutTexts] = {}
    footer: list[FooterPart] = list(FOOTER_PARTS)
    is_default: bool = False


class LayoutIn(LayoutFields):
    """The same with its own logo: a PNG, JPEG or SVG, in Base64. Without it, the one it has."""

    own_logo: Base64Bytes | None = None


class LayoutShape(LayoutFields):
    """A layout."""

    id: UUID
    created_at: datetime
    changed_at: datetime


class ShownOn(Schema):
    """What it is shown on: the newest document of the kind in the language, else a sample."""

    kind: Text = "invoice"
    language: Language | None = None


class LayoutTried(LayoutIn, ShownOn):
    """A layout as it would be kept; `layout_id` names the one that would be changed."""

    layout_id: UUID | None = None


@router.get("", response=Page[LayoutShape], operation_id="list_layouts")
def index(request: HttpRequest, query: Query[PageQuery]) -> Any:
    """List the company's layouts."""
    rows = Layout.objects.visible_to(me(request))
    return page(rows, query, lambda found: [_shape(each) for each in found])


@router.post("", response={201: LayoutShape}, operation_id="create_layout")
def create(request: HttpRequest, wanted: LayoutIn) -> Any:
    """Make a layout. For administrators."""
    wish = _wish(request, wanted, None)
    return Status(201, _shape(keep_layout(me(request), wish, at=clock.now())))


@router.get("/{uuid:layout_id}", response=LayoutShape, operation_id="read_layout")
def show(request: HttpRequest, layout_id: UUID) -> Any:
    """Read one layout."""
    return _shape(_found(request, layout_id))


@router.put("/{uuid:layout_id}", response=LayoutShape, operation_id="change_layout")
def change(request: HttpRequest, layout_id: UUID, wanted: LayoutIn) -> Any:
    """Replace all of it; what was accepted keeps its look. For administrators."""
    layout = _found(request, layout_id)
    wish = _wish(request, wanted, layout)
    return _shape(keep_layout(me(request), wish, layout=layout, at=clock.now()))


@router.delete("/{uuid:layout_id}", response={204: None}, operation_id="delete_layout")
def delete(request: HttpRequest, layout_id: UUID) -> HttpResponse:
    """Delete it. What had chosen it takes the next in the order. For administrators."""
    delete_layout(me(request), _found(request, layout_id))
    return HttpResponse(status=204)


@router.get("/{uuid:layout_id}/preview", openapi_extra=_PDF, operation_id="preview_layout")
def preview(request: HttpRequest, layout_id: UUID, on: Query[ShownOn]) -> HttpResponse:
    """See a document in it, as a PDF."""
    return _pdf(me(request), _found(request, layout_id), on)


@router.post("/previews", openapi_extra=_PDF, operation_id="try_layout")
def try_out(request: HttpRequest, tried: LayoutTried) -> HttpResponse:
    """See a document in a layout that is not kept yet, as a PDF. For administrators."""
    membership = me(request)
    layout = _found(request, tried.layout_id) if tried.layout_id else None
    wish = _wish(request, tried, layout)
    made = drafted(membership.company, wish, layout=layout, at=clock.now())
    return _pdf(membership, made, tried)


def _found(request: HttpRequest, layout_id: UUID) -> Layout:
    return get_object_or_404(Layout.objects.visible_to(me(request)), pk=layout_id)


def _pdf(membership: Membership, layout: Layout, on: ShownOn) -> HttpResponse:
    if on.kind not in KINDS:
        detail = f"There is no kind of document called {on.kind[:50]!r}."
        raise Refused("unknown_kind", detail, field="kind")
    language = on.language or str(membership.company.language)
    data = paper_to_show(membership, on.kind, language, at=clock.now())
    pdf = typeset_paper(on.kind, data, Looks.of(membership.company).of_layout(layout))
    return HttpResponse(pdf.content, content_type="application/pdf")


def _wish(request: HttpRequest, wanted: LayoutIn, layout: Layout | None) -> LayoutWish:
    """What is asked for; a logo is stored for those only who may keep it."""
    require_may_keep(me(request))
    logo, logo_format = _own_logo(wanted, layout) if wanted.logo == "own" else ("", "")
    return LayoutWish(
        name=wanted.name.strip(),
        design=wanted.design,
        font=wanted.font,
        colour=wanted.colour,
        paper=wanted.paper,
        logo=logo,
        logo_format=logo_format,
        shows_logo=wanted.logo != "none",
        columns=wanted.left_out,
        texts={language: texts.dict() for language, texts in wanted.texts.items()},
        footer=tuple(wanted.footer),
        is_default=wanted.is_default,
    )


def _own_logo(wanted: LayoutIn, layout: Layout | None) -> tuple[str, str]:
    if wanted.own_logo is not None:
        admitted = check_logo(wanted.own_logo)
        return settings.BLOBS.put(admitted.content), admitted.format
    if layout is None or not layout.logo:
        raise Refused("no_logo", "Send the logo of its own, too.", field="own_logo")
    return layout.logo, layout.logo_format


def _shape(layout: Layout) -> Mapping[str, Any]:
    return {
        **{name: getattr(layout, name) for name in _SAME},
        "logo": "none" if not layout.shows_logo else "own" if layout.logo else "company",
        "left_out": layout.columns,
    }


_SAME = (
    "id", "name", "design", "font", "colour", "paper", "texts", "footer", "is_default",
    "created_at", "changed_at",
)  # fmt: skip
