"""The Email Queue: what is waiting, what went out, and what needs somebody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from outtray.lib import clock
from outtray.mailboxes.models import Mailbox
from outtray.outbox.models import Email
from outtray.outbox.queries import EmailFilter, page_of, state_counts
from outtray.outbox.states import Reason, State
from outtray.people.models import Membership
from outtray.web.identifiers import uuid_or_none
from outtray.web.paging import PAGE
from outtray.web.queue_rows import digest, rows_of
from outtray.web.session import PersonRequest, person_required

TABS: Mapping[str, tuple[str, tuple[State, ...]]] = {
    "": ("All", ()),
    "queued": ("Queued", (State.QUEUED,)),
    "held": ("On hold", (State.HELD,)),
    "sending": ("Sending", (State.SENDING,)),
    "sent": ("Sent", (State.SENT,)),
    "failed": ("Failed", (State.FAILED,)),
    "unknown": ("Unknown", (State.UNKNOWN,)),
    "ended": ("Cancelled", (State.CANCELLED, State.EXPIRED)),
}


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab of the queue with the number of its emails."""

    name: str
    word: str
    count: int
    is_current: bool


@require_GET
@person_required
def index(request: PersonRequest) -> HttpResponse:
    return render(request, "outtray/queue/index.html", _shown(request))


@require_GET
@person_required
def changes(request: PersonRequest) -> HttpResponse:
    """The same list for the page to take its changed rows from; 204 if there are none."""
    shown = _shown(request)
    if shown["seen"] == request.GET.get("seen"):
        return HttpResponse(status=204)
    return render(request, "outtray/queue/changes.html", shown)


def undoable(membership: Membership, *, at: datetime) -> list[Email]:
    """What this person added a moment ago and can still take back."""
    fresh = Email.objects.visible_to(membership).filter(
        state=State.QUEUED, reason=Reason.UNDO, due_at__gt=at, accepted_by=membership.person_id
    )
    return list(fresh.order_by("due_at")[:200])


def _shown(request: PersonRequest) -> dict[str, object]:
    at, membership = clock.now(), request.membership
    tab = request.GET.get("state", "")
    tab = tab if tab in TABS else ""
    narrowed = EmailFilter(
        states=TABS[tab][1],
        mailbox_id=uuid_or_none(request.GET.get("from")),
        search=request.GET.get("q", "").strip(),
    )
    before = uuid_or_none(request.GET.get("before"))
    emails, following = page_of(
        narrowed.apply(Email.objects.visible_to(membership)), before=before, limit=PAGE
    )
    rows = rows_of(emails, at=at)
    tabs = _tabs(membership, tab)
    undo = undoable(membership, at=at)
    return {
        "rows": rows,
        "tabs": tabs,
        "tab": tab,
        "search": narrowed.search,
        "mailboxes": _mailboxes(membership),
        "mailbox_id": narrowed.mailbox_id,
        "is_narrowed": bool(narrowed.search or narrowed.mailbox_id or tab),
        "before": before,
        "following": following,
        "undoable": undo,
        "undo_until": min((email.due_at for email in undo), default=None),
        "seen": digest(rows, tabs, [email.pk for email in undo]),
    }


def _tabs(membership: Membership, current: str) -> list[Tab]:
    counts = state_counts(membership)
    return [
        Tab(
            name,
            word,
            sum(counts[state] for state in states) if states else sum(counts.values()),
            is_current=name == current,
        )
        for name, (word, states) in TABS.items()
    ]


def _mailboxes(membership: Membership) -> list[Mailbox]:
    """Those whose emails this person may see, with their health."""
    return list(Mailbox.objects.usable_by(membership).order_by("whose", "address"))
