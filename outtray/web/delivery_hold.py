"""Delivery as a whole on hold: the banner of every page, the facts, and the button."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from outtray.lib import clock
from outtray.lib.errors import Refused
from outtray.outbox.models import Email, Installation
from outtray.outbox.queries import backlog
from outtray.outbox.standstill import confirm, decides, held, may_confirm, moved
from outtray.people.models import Company, Membership, Role
from outtray.web.answers import complain, tell
from outtray.web.session import PersonRequest, person_required


@dataclass(frozen=True, slots=True)
class Banner:
    """What everybody reads while nothing leaves: since when, and who can end it."""

    hold: Installation
    may_confirm: bool
    whom: str


def hold_of(request: HttpRequest) -> Installation | None:
    """The hold that this request's pages tell of, if there is one; asked once a request."""
    kept = vars(request)
    if "delivery_hold" not in kept:
        kept["delivery_hold"] = held()
    found: Installation | None = kept["delivery_hold"]
    return found


def banner_for(membership: Membership, hold: Installation | None) -> Banner | None:
    """The banner of this person's pages; None while delivery works."""
    if hold is None:
        return None
    may = may_confirm(membership)
    return Banner(hold, may_confirm=may, whom="" if may else _whom(membership))


@require_GET
@person_required
def show(request: PersonRequest) -> HttpResponse:
    """The facts by which to decide, for whoever may; the others read whom to ask."""
    hold = held()
    if hold is None:
        tell(request, "Delivery works.")
        return redirect("queue")
    before, now = moved()
    page = {
        "hold": hold,
        "before": before,
        "now": now,
        "may_confirm": may_confirm(request.membership),
        "has_others": Company.objects.exclude(pk=request.membership.company_id).exists(),
        "whom": _whom(request.membership),
        "backlog": backlog(Email.objects.visible_to(request.membership), at=clock.now()),
    }
    return render(request, "outtray/delivery_hold.html", page)


@require_POST
@person_required
def delete(request: PersonRequest) -> HttpResponse:
    """Let delivery go on."""
    try:
        gone_on = confirm(request.membership, at=clock.now())
    except Refused as refused:
        complain(request, refused)
        return redirect("delivery_hold")
    tell(request, "Delivery goes on." if gone_on else "Delivery was not on hold any more.")
    return redirect("queue")


def _whom(membership: Membership) -> str:
    """Whom to ask. Only colleagues are named, for two companies never see each other."""
    if not decides(membership.company_id):
        return "whoever runs this Outtray"
    colleagues = Membership.objects.visible_to(membership).filter(role=Role.ADMINISTRATOR)
    names = [each.person.name for each in colleagues.order_by("created_at")[:3]]
    return " or ".join(names)
