"""A template that is being written, tried as it stands: the preview, and a mail to oneself."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from html import escape
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_POST

from outtray.compose.logo import logo_of
from outtray.compose.templates.index import KeptFile
from outtray.compose.templates.models import Template
from outtray.compose.templates.shipped import Filled
from outtray.compose.templates.try_texts import shown
from outtray.compose.templates.write import pictures_of
from outtray.compose.templates.written import content_of
from outtray.lib import clock
from outtray.lib.errors import Refused
from outtray.mail.mime import InlineImage
from outtray.outbox.send_test import send_test
from outtray.web.frames import framed
from outtray.web.letter_templates import template_of
from outtray.web.session import PersonRequest, person_required
from outtray.web.template_form import TextsForm


@require_POST
@person_required
def preview(request: PersonRequest, template_id: UUID) -> JsonResponse:
    """Subject and plain text of the letter, or what is wrong and where."""
    template = template_of(request, template_id)
    try:
        filled = _filled(request, template)
    except Refused as refused:
        return JsonResponse({"fault": _fault(refused)})
    return JsonResponse({"subject": filled.subject, "text": filled.text})


@require_POST
@person_required
def letter(request: PersonRequest, template_id: UUID) -> HttpResponse:
    """The letter itself, for a frame."""
    template = template_of(request, template_id)
    try:
        html = _filled(request, template).html
    except Refused as refused:
        return framed(f"<p>{escape(refused.detail)}</p>")
    for picture in _pictures(template):
        shown_as = base64.b64encode(picture.content).decode()
        html = html.replace(
            f'"cid:{picture.cid}"', f'"data:{picture.content_type};base64,{shown_as}"'
        )
    return framed(html)


@require_POST
@person_required
def send(request: PersonRequest, template_id: UUID) -> JsonResponse:
    """Send the letter to oneself, as it is typed."""
    template = template_of(request, template_id)
    form = _form(request)
    try:
        email = send_test(
            request.membership,
            template,
            form.typed(template),
            document=form.cleaned_data.get("document"),
            at=clock.now(),
        )
    except Refused as refused:
        return JsonResponse({"fault": _fault(refused)})
    return JsonResponse({"sent": f"On its way to {email.to_summary} from {email.from_address}."})


def _filled(request: PersonRequest, template: Template) -> Filled:
    form = _form(request)
    return shown(
        form.typed(template),
        request.membership,
        pictures=pictures_of(template),
        document=form.cleaned_data.get("document"),
    )


def _form(request: PersonRequest) -> TextsForm:
    form = TextsForm(request.POST)
    form.is_valid()
    return form


def _fault(refused: Refused) -> dict[str, object]:
    return {
        "detail": refused.detail,
        "field": refused.field,
        "line": refused.facts.get("line"),
        "column": refused.facts.get("column"),
    }


def _pictures(template: Template) -> Iterator[InlineImage]:
    logo = logo_of(template.company)
    if logo:
        yield logo.image
    for each in template.files.filter(is_shown=True):
        kept = KeptFile(each.filename, each.content_type, each.content, each.size)
        yield InlineImage(each.filename, each.content_type, content_of(kept))
