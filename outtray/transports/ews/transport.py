"""Exchange by EWS as a Transport: its fields, stages and sessions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from outtray.mail.envelope import Envelope
from outtray.transports.base import (
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
from outtray.transports.ews import settings as ews_settings
from outtray.transports.ews.opening import STEPS, Stopped, begin
from outtray.transports.ews.patience import PATIENCE, Patience
from outtray.transports.ews.probing import probe
from outtray.transports.ews.sent_items import find_sent
from outtray.transports.ews.session import EwsSession


class EwsTransport:
    """An Exchange server of one's own."""

    name = "ews"
    fields: tuple[Field, ...] = ews_settings.FIELDS
    stages: tuple[Stage, ...] = (
        Stage.SETTINGS,
        *(stage for stage, _ in STEPS),
        Stage.SEND,
    )
    size_limit: int | None = None  # each organisation sets its own, which nobody can ask for
    pace: Limits = Limits()  # as each organisation likes; by itself Exchange sets no rate
    saves_sent: bool | None = True

    def __init__(self, patience: Patience = PATIENCE) -> None:
        self._patience = patience

    def check(self, settings: Mapping[str, object]) -> dict[str, str | int]:
        return ews_settings.read(settings).to_json()

    def open(self, route: Route) -> Session | Refusal:
        opening = begin(route, self._patience)
        if isinstance(opening, Stopped):
            return Refusal(opening.failure)
        for _, step in STEPS:
            taken = step(opening)
            if isinstance(taken, Stopped):
                opening.leave()
                return Refusal(taken.failure, tuple(opening.door.told))
        return EwsSession(opening.client)

    def probe(self, route: Route, envelope: Envelope, message: bytes) -> Iterator[Finding]:
        return probe(route, envelope, message, patience=self._patience)

    def find_sent(
        self, route: Route, message_id: str, since: datetime, *, witness: Trace | None = None
    ) -> Search:
        return find_sent(route, Trace(message_id, since), witness=witness, patience=self._patience)
