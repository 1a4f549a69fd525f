"""The Gmail API as a Transport: its fields, stages and sessions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from outtray.mail.envelope import Envelope
from outtray.transports.base import (
    Failure,
    Field,
    Finding,
    Limits,
    Refusal,
    Route,
    Search,
    Session,
    Stage,
    Trace,
)
from outtray.transports.gmail import opening as way
from outtray.transports.gmail import settings as gmail_settings
from outtray.transports.gmail.patience import PATIENCE, WATCHED, Patience
from outtray.transports.gmail.probing import probe
from outtray.transports.gmail.sent_folder import find_sent
from outtray.transports.gmail.session import SIZE_LIMIT, GmailSession


class GmailTransport:
    """Sending through the Gmail API."""

    name = "gmail"
    fields: tuple[Field, ...] = gmail_settings.FIELDS
    stages: tuple[Stage, ...] = (
        Stage.SETTINGS,
        Stage.TOKEN,
        Stage.SCOPES,
        Stage.IDENTITY,
        Stage.MAILBOX,
        Stage.SEND,
    )
    size_limit: int | None = SIZE_LIMIT
    # A message costs 100 of the 6,000 units that a user has in a minute
    # (developers.google.com/workspace/gmail/api/reference/quota). Whoever is not at gmail.com,
    # which a preset knows, is at Google Workspace (support.google.com/a/answer/166852).
    pace: Limits = Limits(
        messages_per_minute=60, messages_per_day=2000, recipients_per_day=3000, connections=2
    )
    saves_sent: bool | None = True

    def __init__(self, patience: Patience = PATIENCE) -> None:
        self._patience = patience

    def check(self, settings: Mapping[str, object]) -> dict[str, str | int]:
        return gmail_settings.read(settings).to_json()

    def open(self, route: Route) -> Session | Refusal:
        opening = way.begin(route, self._patience)
        if isinstance(opening, Failure):
            return Refusal(opening)
        stopped = way.walk(opening)
        if stopped:
            opening.api.close()
            return Refusal(stopped)
        return GmailSession(opening.api)

    def probe(self, route: Route, envelope: Envelope, message: bytes) -> Iterator[Finding]:
        return probe(route, envelope, message, patience=self._patience.at_most(WATCHED))

    def find_sent(
        self, route: Route, message_id: str, since: datetime, *, witness: Trace | None = None
    ) -> Search:
        return find_sent(route, Trace(message_id, since), witness=witness, patience=self._patience)
