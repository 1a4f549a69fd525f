"""What a letter will look like: at once while one writes, and its very message before it goes."""

from __future__ import annotations

from html import escape
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_POST

from outtray.compose.by_hand.drafts import files_of, keep
from outtray.compose.by_hand.models import Draft
from outtray.compose.letter import Letter
from outtray.lib import clock
from outtray.lib.errors import Refused
from outtray.mail.reading import ReadMessage, read
from outtray.outbox.seen import look_at
from outtray.web.compositions import posted
from outtray.web.drafts import refused
from outtray.web.files import download
from outtray.web.frames import framed, letter_html
from outtray.web.letter_form import LetterForm
from outtray.web.session import PersonRequest, person_required

_HEADERS = ("From", "To", "Cc", "Reply-To", "Subject", "Date", "Message-ID")
_MOST_SOURCE = 40_000  # characters; the rest can be downloaded


@require_POST
@person_required
def letter(request: PersonRequest, draft_id: UUID) -> HttpResponse:
    """The letter as it stands in the form, for the frame beside it."""
    try:
        form, matter = posted(request, draft_id)
        form.is_valid()
        made, _ = matter.letter(form, [], subject="No subject yet")
    except Refused as refusal:
        return framed(f"<p>{escape(refusal.detail)}</p>")
    return framed(letter_html(made))


@require_POST
@person_required
def create(request: PersonRequest, draft_id: UUID) -> HttpResponse:
    """Write the very message, keep it, and show all of it: so it is sent."""
    at = clock.now()
    try:
        form, matter = posted(request, draft_id)
        _require_complete(form)
        version = form.draft_version
        draft = keep(request.membership, draft_id, form.begun(), version=version, at=at)
        made, mailbox = matter.letter(form, files_of(draft))
        look_at(draft, made, mailbox=mailbox, at=at)
    except Refused as refusal:
        return refused(refusal)
    return render(request, "outtray/letters/preview.html", _shown(draft, made))


def _shown(draft: Draft, made: Letter) -> dict[str, object]:
    message, content = _message(draft), bytes(draft.seen_message or b"")
    return {
        "draft": draft,
        "message": message,
        "headers": [(name, message.header(name)) for name in _HEADERS if message.header(name)],
        "everybody": made.recipients,
        "source": content[:_MOST_SOURCE].decode("utf-8", "replace"),
        "is_cut": len(content) > _MOST_SOURCE,
        "size": len(content),
    }


def _require_complete(form: LetterForm) -> None:
    """Say what must be put right before there is a message."""
    if form.is_valid():
        return
    field, errors = next(iter(form.errors.items()))
    label = form.fields[field].label if field in form.fields else "The letter"
    raise Refused("incomplete_letter", f"{label}: {errors[0]}", field=field)


@require_GET
@person_required
def show_html(request: PersonRequest, draft_id: UUID) -> HttpResponse:
    """The HTML of the message, for a frame in which nothing runs and nothing is fetched."""
    return framed(_message(_seen(request, draft_id)).html_with_images)


@require_GET
@person_required
def source(request: PersonRequest, draft_id: UUID) -> HttpResponse:
    """The very bytes, to be kept or looked at elsewhere."""
    draft = _seen(request, draft_id)
    return download(bytes(draft.seen_message or b""), "message/rfc822", f"{draft.pk}.eml")


@require_GET
@person_required
def attachment(request: PersonRequest, draft_id: UUID, number: int) -> HttpResponse:
    """One of the message's files, as its receiver gets it."""
    files = _message(_seen(request, draft_id)).attachments
    if not 0 < number <= len(files):
        raise Http404
    file = files[number - 1]
    return download(file.content, file.content_type, file.filename)


def _seen(request: PersonRequest, draft_id: UUID) -> Draft:
    looked_at = Draft.objects.visible_to(request.membership).filter(seen_message__isnull=False)
    return get_object_or_404(looked_at, pk=draft_id)


def _message(draft: Draft) -> ReadMessage:
    return read(bytes(draft.seen_message or b""))
