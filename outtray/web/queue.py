"""The Email Queue: what is waiting, what went out, and what needs somebody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from outtray.lib import clock
from outtray.mailboxes.models import Mailbox
from outtray.outbox.counting import capped_counts
from outtray.outbox.models import Email
from outtray.outbox.queries import EmailFilter, page_of
from outtray.outbox.states import Reason, State
from outtray.people.models import Membership
from outtray.web.deeds import refusals
from outtray.web.delivery_hold import hold_of
from outtray.web.identifiers import uuid_or_none
from outtray.web.paging import PAGE
from outtray.web.pauses import MOST_COUNTED, place_of, stops_in_queue
from outtray.web.queue_rows import bulk_acts, digest, rows_of
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
_LEFT = "failed"  # without those that were sent again, which stand under All


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab of the queue with the number of its emails."""

    name: str
    word: str
    count: int
    is_current: bool

    @property
    def tone(self) -> str:
        return "red" if self.name in ("failed", "unknown") else ""

    @property
    def shown(self) -> str:
        return f"{MOST_COUNTED:,}+" if self.count > MOST_COUNTED else f"{self.count:,}"


@require_GET
@person_required
def index(request: PersonRequest) -> HttpResponse:
    return render(request, "outtray/queue/index.html", _shown(request, refusals(request)))


@require_GET
@person_required
def changes(request: PersonRequest) -> HttpResponse:
    """The same list for the page to take its changed rows from; 204 if there are none."""
    shown = _shown(request, {})
    if shown["seen"] == request.GET.get("seen"):
        return HttpResponse(status=204)
    return render(request, "outtray/queue/changes.html", shown)


def undoable(membership: Membership, *, at: datetime) -> list[Email]:
    """What this person added a moment ago and can still take back."""
    fresh = Email.objects.visible_to(membership).filter(
        state=State.QUEUED, reason=Reason.UNDO, due_at__gt=at, accepted_by=membership.person_id
    )
    return list(fresh.order_by("due_at")[:200])


def _shown(request: PersonRequest, refused: Mapping[str, str]) -> dict[str, object]:
    membership, parameters = request.membership, request.GET
    tab = parameters.get("state", "") if parameters.get("state", "") in TABS else ""
    mailboxes = _mailboxes(membership)
    wished = uuid_or_none(parameters.get("from"))
    mailbox = next((each for each in mailboxes if each.pk == wished), None)
    search = parameters.get("q", "").strip()
    narrowed = EmailFilter(TABS[tab][1], mailbox_id=wished, search=search, is_left=tab == _LEFT)
    return {
        "tab": tab,
        "search": search,
        "mailboxes": mailboxes,
        "mailbox": mailbox,
        "mailbox_place": place_of(membership, mailbox) if mailbox else "",
        "mailbox_id": wished,
        "bulk": bulk_acts(),
        **_list(request, narrowed, _tabs(membership, tab), refused),
    }


def _list(
    request: PersonRequest, narrowed: EmailFilter, tabs: list[Tab], refused: Mapping[str, str]
) -> dict[str, object]:
    """One page of emails, and a digest of all that it shows."""
    at, before = clock.now(), uuid_or_none(request.GET.get("before"))
    seen_by_me = narrowed.apply(Email.objects.visible_to(request.membership))
    emails, following = page_of(seen_by_me, before=before, limit=PAGE)
    rows = rows_of(emails, is_held=hold_of(request) is not None, at=at, refused=refused)
    undo = undoable(request.membership, at=at)
    stops = stops_in_queue(request.membership)
    return {
        "tabs": tabs,
        "rows": rows,
        "newer": _address(request, before="") if before else "",
        "older": _address(request, before=str(following)) if following else "",
        "live_query": _query(request),
        "stops": stops,
        "undoable": undo,
        "undo_until": min((email.due_at for email in undo), default=None),
        "seen": digest(rows, tabs, following, [email.pk for email in undo], stops),
    }


def _address(request: PersonRequest, before: str) -> str:
    return reverse("queue") + _query(request, before=before)


def _query(request: PersonRequest, **changes: str) -> str:
    parameters = request.GET.copy()
    parameters.pop("seen", None)
    for name, value in changes.items():
        parameters[name] = value
    return f"?{parameters.urlencode()}"


def _tabs(membership: Membership, current: str) -> list[Tab]:
    by_state, left = capped_counts(membership, most=MOST_COUNTED + 1)
    counts = {
        name: min(MOST_COUNTED + 1, sum(by_state[state] for state in states))
        for name, (_, states) in TABS.items()
    }
    shown = {**counts, "": sum(counts.values()), _LEFT: left}
    return [
        Tab(name, word, shown[name], is_current=name == current) for name, (word, _) in TABS.items()
    ]


def _mailboxes(membership: Membership) -> list[Mailbox]:
    """Those whose emails this person may see, with their health."""
    mine = Mailbox.objects.visible_to(membership) | Mailbox.objects.usable_by(membership)
    return list(mine.order_by("whose", "address"))
