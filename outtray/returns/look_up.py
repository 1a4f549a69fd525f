"""Look up emails whose end is unknown in the Sent folder of the mailbox that sent them."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import QuerySet

from outtray.lib.clock import Clock
from outtray.lib.sealing import CannotOpen
from outtray.mailboxes import history
from outtray.mailboxes.history import Code
from outtray.mailboxes.models import Health, Mailbox
from outtray.mailboxes.routes import files_sent, route_for
from outtray.mailboxes.waking import key_of, parts_of
from outtray.outbox.models import Email
from outtray.outbox.resolve import absent, ask_person, found, look_again
from outtray.outbox.standstill import is_held
from outtray.outbox.states import RecipientState, State
from outtray.returns.verdict import (
    SETTLING,
    Ask,
    Circumstances,
    LookAgain,
    NotSent,
    Sent,
    verdict,
)
from outtray.transports.base import Failure, Found, Scope, Search, Source, Stage, Trace
from outtray.transports.registry import TRANSPORTS

log = logging.getLogger("outtray.returns")

# A witness has had time to be filed, and has hardly been cleared from the folder yet.
WITNESS_YOUNGEST = timedelta(minutes=10)
WITNESS_OLDEST = timedelta(days=90)


class LookUpWork:
    """One key a mailbox: look for its unknown emails that want to be looked up."""

    name = "look_up"

    def __init__(self, clock: Clock) -> None:
        self.clock = clock

    def due(self, at: datetime) -> Iterable[str]:
        if is_held():
            return []
        rows = _due(at).order_by().values_list("mailbox_id", "company_id").distinct()
        return [key_of(mailbox_id, company_id) for mailbox_id, company_id in rows]

    def do(self, key: str, stop: threading.Event) -> datetime | None:
        if is_held():
            return None
        mailbox_id, _ = parts_of(key)
        mailbox = Mailbox.objects.select_related("credential").get(pk=mailbox_id)
        kept_out: Search | None = None
        for email in _due(self.clock.now()).filter(mailbox=mailbox).order_by("id"):
            if stop.is_set():
                return None
            # What keeps us from looking for one email keeps us from looking for the others.
            search = kept_out or _search(email, mailbox, at=self.clock.now())
            kept_out = search if search.failure else None
            _follow(search, email, mailbox, at=self.clock.now())
        return _next_look(mailbox)


def _due(at: datetime) -> QuerySet[Email]:
    settled = at - SETTLING
    return Email.objects.filter(state=State.UNKNOWN, look_up_at__lte=at, state_since__lte=settled)


def _next_look(mailbox: Mailbox) -> datetime | None:
    waiting = Email.objects.filter(
        mailbox=mailbox, state=State.UNKNOWN, look_up_at__isnull=False
    ).values_list("look_up_at", "state_since")
    return min((max(at, since + SETTLING) for at, since in waiting if at), default=None)


def _search(email: Email, mailbox: Mailbox, *, at: datetime) -> Search:
    """One look, with one login. A refused one is remembered until the mailbox is saved again,
    which is when its credential is."""
    if email.recipients.filter(state=RecipientState.ACCEPTED).exists():
        return Search(
            Found.CANNOT_TELL,
            "The same message went to others before, so it lies in the Sent folder anyway.",
        )
    refused_at = history.last(mailbox.pk, Code.SENT_FOLDER_CLOSED)
    if refused_at and refused_at >= mailbox.credential.changed_at:
        return _closed("its login was refused before, and nothing was changed since")
    if mailbox.health == Health.PAUSED and mailbox.paused_until is None:
        return _closed("its password was refused, and nobody has validated since", for_now=True)
    try:
        route = route_for(mailbox)
    except CannotOpen:
        return _closed("the stored password cannot be opened")
    transport = TRANSPORTS[route.transport]
    search = transport.find_sent(
        route, email.message_id, _handed_over_at(email), witness=_witness(email, at=at)
    )
    failure = search.failure
    if failure and failure.stage is Stage.LOGIN and failure.source is Source.SERVER:
        detail = {"why": search.told}
        history.record(mailbox.pk, Code.SENT_FOLDER_CLOSED, at=at, detail=detail)
    return search


def _follow(search: Search, email: Email, mailbox: Mailbox, *, at: datetime) -> None:
    circumstances = Circumstances(
        unknown_since=email.state_since,
        files_sent=files_sent(mailbox),
        is_same_mailbox=mailbox.changed_at <= _handed_over_at(email),
    )
    log.info("looked up", extra={"email": email.pk, "found": search.found})
    match verdict(search, circumstances, at=at):
        case Sent():
            found(email.pk, where=search.told, at=at)
        case NotSent():
            absent(email.pk, at=at, why=search.told)
        case LookAgain(look_up_at):
            look_again(email.pk, look_up_at=look_up_at, why=search.told, at=at)
        case Ask():
            ask_person(email.pk, why=search.told, at=at)


def _handed_over_at(email: Email) -> datetime:
    """When the attempt began whose end is unknown."""
    attempt = email.attempts.order_by("-number").first()
    return attempt.started_at if attempt else email.state_since


def _witness(email: Email, *, at: datetime) -> Trace | None:
    """The email that left last by the same mailbox, of which the server said so itself."""
    sent = Email.objects.filter(
        company_id=email.company_id,
        mailbox_id=email.mailbox_id,
        state=State.SENT,
        settled_at__range=(at - WITNESS_OLDEST, at - WITNESS_YOUNGEST),
    )
    last = sent.order_by("-settled_at").first()
    return Trace(last.message_id, _handed_over_at(last)) if last else None


def _closed(why: str, *, for_now: bool = False) -> Search:
    failure = Failure(
        stage=Stage.LOGIN,
        scope=Scope.MAILBOX,
        is_temporary=for_now,
        source=Source.LOCAL,
        text=why,
    )
    return Search(Found.CANNOT_TELL, f"The Sent folder was not opened: {why}.", failure)
