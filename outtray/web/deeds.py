"""What a person does with emails of the queue: one or several, one verb, one answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from outtray.lib import clock
from outtray.lib.errors import Refused
from outtray.outbox.models import Email
from outtray.people.models import Person
from outtray.web.answers import tell
from outtray.web.identifiers import uuids
from outtray.web.session import PersonRequest

MOST = 200


class Verb(Protocol):
    """A verb of the outbox that concerns one email."""

    def __call__(self, email_id: UUID, *, by: Person | None, at: datetime) -> Any:
        """Do it. Raises Refused where the email's state does not allow it."""


def do_to_one(request: PersonRequest, email_id: UUID, verb: Verb, done: str) -> HttpResponse:
    """Do it to one email that this person can see; others do not exist for him."""
    return _do(request, [email_id], verb, done)


def do_to_chosen(request: PersonRequest, verb: Verb, done: str) -> HttpResponse:
    """Do it to all that were ticked; those that refuse say so in their rows."""
    chosen = uuids(request.POST.getlist("ids"))[:MOST]
    if not chosen:
        messages.warning(request, "Nothing was chosen. Tick the emails first.")
        return back(request)
    return _do(request, chosen, verb, done)


def back(request: PersonRequest, otherwise: str = "") -> HttpResponse:
    """To the page that asked, if it is one of ours."""
    wanted = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    return redirect(wanted if ours else otherwise or reverse("queue"))


def refusals(request: PersonRequest) -> dict[str, str]:
    """Why emails refused what was just asked of them, by id. Told once."""
    told: dict[str, str] = request.session.pop("refusals", {})
    return told


def _do(request: PersonRequest, ids: Sequence[UUID], verb: Verb, done: str) -> HttpResponse:
    seen = list(Email.objects.visible_to(request.membership).filter(pk__in=ids))
    if not seen:
        raise Http404
    refused: dict[str, str] = {}
    for email in seen:
        try:
            verb(email.pk, by=request.membership.person, at=clock.now())
        except Refused as refusal:
            refused[str(email.pk)] = refusal.detail
    _say(request, len(seen) - len(refused), refused, done)
    return back(request)


def _say(request: PersonRequest, count: int, refused: dict[str, str], done: str) -> None:
    if count:
        tell(request, f"{emails(count)} {'was' if count == 1 else 'were'} {done}.")
    if refused:
        request.session["refusals"] = refused
        first = next(iter(refused.values()))
        more = "" if len(refused) == 1 else f" So it is with {len(refused)} emails."
        messages.error(request, first + more)


def emails(count: int) -> str:
    """The number with its word."""
    return f"{count} email{'' if count == 1 else 's'}"
