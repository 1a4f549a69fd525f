"""Templates: what letters say, by purpose and language, and what goes with them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema
from ninja.responses import Status
from pydantic import Base64Bytes, Field

from outtray.api.access import me
from outtray.api.values import Page, PageQuery, Text, page
from outtray.compose.templates.files import drop_file, keep_file, keep_picture
from outtray.compose.templates.keep import (
    TemplateWish,
    change_template,
    delete_template,
    make_template,
)
from outtray.compose.templates.models import Template, TemplateVersion
from outtray.compose.templates.try_texts import TypedTexts, shown
from outtray.compose.templates.write import in_force, pictures_of, write_template
from outtray.documents.languages import LANGUAGES, Language
from outtray.lib import clock
from outtray.outbox.send_test import send_test

router = Router(tags=["Templates"])


class TemplateSettings(Schema):
    """What goes with every letter of a template. `is_default`: taken where none is settled."""

    name: Text = Field(min_length=1, max_length=100)
    cc_email: Text = Field("", max_length=254)
    send_from: UUID | None = None
    layout: UUID | None = None
    is_default: bool = False


class NewTemplate(TemplateSettings):
    """A template for everybody (`application`) or of one's own (`user`)."""

    purpose: Text = Field(max_length=30, examples=["invoice", "several"])
    level: Literal["application", "user"] = "user"


class TextsIn(Schema):
    """What a letter says: Liquid, the letter itself in MJML; no `text` is made from the letter."""

    subject: Text = Field(max_length=2_000, examples=["Invoice {{ document.number }}"])
    text: Text = Field("", max_length=64 * 1024)
    mjml: Text = Field(max_length=64 * 1024, examples=["<mj-text>Hello {{ party.name }}</mj-text>"])


class TextsTried(TextsIn):
    """The same, tried on a document: the newest of its kind, if none is named."""

    language: Language
    document_id: UUID | None = None


class VersionShape(TextsIn):
    """The texts in a language that are in force, and their version."""

    id: UUID
    language: str
    number: int
    created_at: datetime


class FileIn(Schema):
    """A file that goes with every letter, or with `is_shown` a picture that it shows."""

    filename: Text = Field(min_length=1, max_length=200)
    content: Base64Bytes
    is_shown: bool = False


class FileShape(Schema):
    """A file of a template."""

    id: UUID
    filename: str
    content_type: str
    size: int
    is_shown: bool


class TemplateShape(TemplateSettings):
    """A template. `languages` are those in which it says something."""

    id: UUID
    purpose: str
    level: str
    languages: list[str]
    created_at: datetime


class WholeTemplate(TemplateShape):
    """A template with its texts in force and its files."""

    texts: list[VersionShape]
    files: list[FileShape]


class Written(Schema):
    """A letter as it would be written."""

    subject: str
    text: str
    html: str


class TestMail(Schema):
    """The email that went to oneself."""

    email_id: UUID


@router.get("", response=Page[TemplateShape], operation_id="list_templates")
def index(request: HttpRequest, query: Query[PageQuery]) -> Any:
    """List the company's templates, and those of this key's person."""
    rows = Template.objects.visible_to(me(request)).prefetch_related("versions")
    return page(rows, query, lambda found: [_shape(each) for each in found])


@router.post("", response={201: WholeTemplate}, operation_id="create_template")
def create(request: HttpRequest, wanted: NewTemplate) -> Any:
    """Make a template, which has no text yet. Those for everybody only administrators make."""
    made = make_template(
        me(request),
        level=wanted.level,
        purpose=wanted.purpose,
        wish=_wish(wanted),
        at=clock.now(),
    )
    return Status(201, _whole(made))


@router.get("/{uuid:template_id}", response=WholeTemplate, operation_id="read_template")
def show(request: HttpRequest, template_id: UUID) -> Any:
    """Read one template, with its texts in force."""
    return _whole(_found(request, template_id))


@router.put("/{uuid:template_id}", response=WholeTemplate, operation_id="change_template")
def change(request: HttpRequest, template_id: UUID, wanted: TemplateSettings) -> Any:
    """Replace what goes with its letters."""
    found = _found(request, template_id)
    return _whole(change_template(me(request), found, _wish(wanted)))


@router.delete("/{uuid:template_id}", response={204: None}, operation_id="delete_template")
def delete(request: HttpRequest, template_id: UUID) -> HttpResponse:
    """Put a template away. Emails that were written with it keep what they said."""
    delete_template(me(request), _found(request, template_id), at=clock.now())
    return HttpResponse(status=204)


@router.put(
    "/{uuid:template_id}/texts/{str:language}",
    response=VersionShape,
    operation_id="write_template",
)
def write(request: HttpRequest, template_id: UUID, language: Language, texts: TextsIn) -> Any:
    """Keep what it says in a language, as a new version if that is new.

    Refused with `template_wrong`, and `line` and `column` of the field, where a letter cannot
    be written with it on a real document and on one with only what it must have.
    """
    version = write_template(
        me(request),
        _found(request, template_id),
        language=language,
        **texts.dict(),
        at=clock.now(),
    )
    return _version(version)


@router.post("/{uuid:template_id}/previews", response=Written, operation_id="preview_template")
def preview(request: HttpRequest, template_id: UUID, tried: TextsTried) -> Any:
    """Write a letter with these texts, without keeping or sending anything."""
    template = _found(request, template_id)
    return shown(
        _typed(template, tried),
        me(request),
        pictures=pictures_of(template),
        document=tried.document_id,
    )


@router.post(
    "/{uuid:template_id}/test-mails",
    response={201: TestMail},
    operation_id="send_test_mail",
)
def send(request: HttpRequest, template_id: UUID, tried: TextsTried) -> Any:
    """Send a letter with these texts to this key's person."""
    template = _found(request, template_id)
    email = send_test(
        me(request),
        template,
        _typed(template, tried),
        document=tried.document_id,
        at=clock.now(),
    )
    return Status(201, {"email_id": email.pk})


@router.post(
    "/{uuid:template_id}/files", response={201: FileShape}, operation_id="add_template_file"
)
def add_file(request: HttpRequest, template_id: UUID, wanted: FileIn) -> Any:
    """Enclose a file with every letter, or have a picture to show in it as `cid:` and its name."""
    keep = keep_picture if wanted.is_shown else keep_file
    kept = keep(
        me(request),
        _found(request, template_id),
        filename=wanted.filename,
        content=wanted.content,
        at=clock.now(),
    )
    return Status(201, kept)


@router.delete(
    "/{uuid:template_id}/files/{uuid:template_file_id}",
    response={204: None},
    operation_id="remove_template_file",
)
def remove_file(request: HttpRequest, template_id: UUID, template_file_id: UUID) -> HttpResponse:
    """Take a file away."""
    template = _found(request, template_id)
    file = get_object_or_404(template.files, pk=template_file_id)
    drop_file(me(request), template, file)
    return HttpResponse(status=204)


def _found(request: HttpRequest, template_id: UUID) -> Template:
    return get_object_or_404(Template.objects.visible_to(me(request)), pk=template_id)


def _wish(wanted: TemplateSettings) -> TemplateWish:
    return TemplateWish(
        wanted.name, wanted.cc_email, wanted.send_from, wanted.layout, wanted.is_default
    )


def _typed(template: Template, tried: TextsTried) -> TypedTexts:
    return TypedTexts(template.purpose, tried.language, tried.subject, tried.text, tried.mjml)


def _shape(template: Template) -> dict[str, Any]:
    spoken = {each.language for each in template.versions.all()}
    return {
        "id": template.pk,
        "purpose": template.purpose,
        "level": template.level,
        "name": template.name,
        "cc_email": template.cc_email,
        "send_from": template.send_from_id,
        "layout": template.layout_id,
        "is_default": template.is_default,
        "languages": sorted(spoken),
        "created_at": template.created_at,
    }


def _whole(template: Template) -> dict[str, Any]:
    newest = (in_force(template, language) for language in LANGUAGES)
    return {
        **_shape(template),
        "texts": [_version(each) for each in newest if each],
        "files": list(template.files.all()),
    }


def _version(version: TemplateVersion) -> dict[str, Any]:
    return {name: getattr(version, name) for name in VersionShape.model_fields}
