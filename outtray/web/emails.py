"""One email: its history, its recipients, why it failed, and what happens next."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from outtray.compose.templates.models import Template
from outtray.diagnosis.explain import Explanation
from outtray.diagnosis.kept import explain_kept, explain_pause
from outtray.documents.languages import LANGUAGES
from outtray.lib import clock
from outtray.outbox.correct import OVER
from outtray.outbox.events import SENTENCES, Code
from outtray.outbox.models import Email, Event, Recipient
from outtray.outbox.states import State
from outtray.returns.facts import facts_of
from outtray.web.deeds import refusals
from outtray.web.delivery_hold import hold_of
from outtray.web.messages import head_of, message_of, source_of
from outtray.web.pauses import place_of
from outtray.web.pills import Tone
from outtray.web.queue_rows import rows_of
from outtray.web.session import PersonRequest, person_required

_VIEWS = (("html", "Letter"), ("text", "Text"), ("source", "Source"))
_TONES = {
    Code.ACCEPTED: Tone.GREY,
    Code.HELD: Tone.AMBER,
    Code.CLAIMED: Tone.BLUE,
    Code.RETRY: Tone.AMBER,
    Code.SENT: Tone.GREEN,
    Code.PARTLY_SENT: Tone.GREEN,
    Code.FOUND: Tone.GREEN,
    Code.ABSENT: Tone.AMBER,
    Code.ASKED: Tone.AMBER,
    Code.ARRIVED: Tone.GREEN,
    Code.FAILED: Tone.RED,
    Code.UNKNOWN: Tone.VIOLET,
    Code.EXPIRED: Tone.RED,
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an email's history in words."""

    event: Event
    sentence: str
    tone: Tone
    note: str


@dataclass(frozen=True, slots=True)
class Addressed:
    """A recipient with what became of him, and why if it went wrong."""

    recipient: Recipient
    explanation: Explanation | None


@dataclass(frozen=True, slots=True)
class WrittenWith:
    """The template that gave an email its words. `place` is empty for who may not see it."""

    name: str
    language: str
    number: int
    place: str


@require_GET
@person_required
def show(request: PersonRequest, email_id: UUID) -> HttpResponse:
    email = get_object_or_404(_emails(request), pk=email_id)
    return render(
        request, "outtray/queue/email.html", {**_shown(request, email), **_once(request, email)}
    )


@require_GET
@person_required
def status(request: PersonRequest, email_id: UUID) -> HttpResponse:
    """The part of the page that changes while an email is under way; 204 if nothing has."""
    email = get_object_or_404(_emails(request), pk=email_id)
    shown = _shown(request, email)
    if shown["seen"] == request.GET.get("seen"):
        return HttpResponse(status=204)
    return render(request, "outtray/queue/status.html", shown)


def _emails(request: PersonRequest) -> QuerySet[Email]:
    return Email.objects.visible_to(request.membership).select_related(
        "mailbox__quota", "accepted_by", "resend_of", "template_version__template"
    )


def _once(request: PersonRequest, email: Email) -> dict[str, object]:
    """What never changes: the message, and what was refused a moment ago."""
    view = request.GET.get("show", "html")
    view = view if view in dict(_VIEWS) else "html"
    message = message_of(email) if view == "text" else head_of(email)
    return {
        "refusal": refusals(request).get(str(email.pk), ""),
        "mailbox_place": place_of(request.membership, email.mailbox),
        "written_with": _written_with(request, email),
        "views": _VIEWS,
        "view": view,
        "message_to": message.header("To"),
        "message_cc": message.header("Cc"),
        "text": message.text if view == "text" else "",
        "source": source_of(email) if view == "source" else "",
        "enclosures": email.enclosures.select_related("document")
        .defer("document__data")
        .order_by("pk"),
        "resends": email.resends.order_by("pk"),
    }


def _written_with(request: PersonRequest, email: Email) -> WrittenWith | None:
    version = email.template_version
    if version is None:
        return None
    visible = Template.objects.visible_to(request.membership).filter(pk=version.template_id)
    place = reverse("template", args=[version.template_id]) if visible.exists() else ""
    language = LANGUAGES.get(version.language, version.language)
    return WrittenWith(version.template.name, language, version.number, place)


def _shown(request: PersonRequest, email: Email) -> dict[str, object]:
    at = clock.now()
    (row,) = rows_of([email], is_held=hold_of(request) is not None, at=at)
    attempts = list(email.attempts.order_by("-number"))
    unknown = facts_of(email)
    return {
        "email": email,
        "row": row,
        "waiting": row.waiting,
        "lines": [_line(event) for event in email.events.select_related("by")],
        "addressed": [_addressed(email, each) for each in email.recipients.all()],
        "attempts": attempts,
        "over": OVER,
        "explanation": _explanation(email),
        "unknown": unknown,
        "seen": row.stamp + str(len(attempts)) + str(unknown and len(unknown.looks)),
    }


def _explanation(email: Email) -> Explanation | None:
    """Of what stands in the way now: the last failure, or what stopped the mailbox."""
    if email.state in (State.SENDING, State.SENT, State.CANCELLED):
        return None
    if email.state == State.QUEUED and (paused := explain_pause(email.mailbox)):
        return paused
    return explain_kept(email.last_failure, email.mailbox)


def _addressed(email: Email, recipient: Recipient) -> Addressed:
    return Addressed(recipient, explain_kept(recipient.failure, email.mailbox))


def _line(event: Event) -> Line:
    code = Code(event.code)
    detail = event.detail
    note = str(detail.get("why") or detail.get("reply") or "")
    return Line(event, SENTENCES[code], _TONES.get(code, Tone.GREY), note)
