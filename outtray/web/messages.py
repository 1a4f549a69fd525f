"""The message as it was sent, read from the bytes that were frozen at acceptance."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from outtray.mail.reading import ReadMessage, read
from outtray.outbox.enclosures import content_of
from outtray.outbox.models import Email, Enclosure
from outtray.web.files import download
from outtray.web.frames import framed
from outtray.web.session import PersonRequest, person_required


@require_GET
@person_required
def show_html(request: PersonRequest, email_id: UUID) -> HttpResponse:
    """The letter alone, for a frame in which nothing runs and nothing is fetched."""
    return framed(message_of(_email(request, email_id)).html_with_images)


@require_GET
@person_required
def source(request: PersonRequest, email_id: UUID) -> HttpResponse:
    """The very bytes, to be kept or looked at elsewhere."""
    email = _email(request, email_id)
    return download(settings.BLOBS.get(email.message), "message/rfc822", f"{email.pk}.eml")


@require_GET
@person_required
def attachment(request: PersonRequest, email_id: UUID, number: int) -> HttpResponse:
    """One of its files, as it was sent."""
    email = _email(request, email_id)
    enclosures = list(Enclosure.objects.filter(email=email).select_related("email").order_by("pk"))
    if not 0 < number <= len(enclosures):
        raise Http404
    enclosure = enclosures[number - 1]
    return download(content_of(enclosure), enclosure.content_type, enclosure.filename)


def message_of(email: Email) -> ReadMessage:
    """What a program that reads mail makes of it."""
    return read(settings.BLOBS.get(email.message))


def head_of(email: Email) -> ReadMessage:
    """Its headers alone, which are read at once however large its files are."""
    head, end, _ = settings.BLOBS.get(email.message).partition(b"\r\n\r\n")
    return read(head + end)


def source_of(email: Email, most: int = 40_000) -> str:
    """The beginning of the very bytes, as text."""
    return settings.BLOBS.get(email.message)[:most].decode("utf-8", "replace")


def _email(request: PersonRequest, email_id: UUID) -> Email:
    return get_object_or_404(Email.objects.visible_to(request.membership), pk=email_id)
