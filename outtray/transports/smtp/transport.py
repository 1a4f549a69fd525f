"""SMTP as a Transport: its fields, stages and sessions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from outtray.mail.envelope import Envelope
from outtray.transports.base import (
    Copy,
    Failure,
    Field,
    Filed,
    Finding,
    Limits,
    Refusal,
    Route,
    Search,
    Session,
    Stage,
    Trace,
)
from outtray.transports.smtp import opening as way
from outtray.transports.smtp import settings as smtp_settings
from outtray.transports.smtp.filing import file_copies
from outtray.transports.smtp.patience import PATIENCE, Patience
from outtray.transports.smtp.probing import probe
from outtray.transports.smtp.sent_folder import find_sent
from outtray.transports.smtp.session import WEAR, SmtpSession, Wear


class SmtpTransport:
    """Submission over SMTP."""

    name = "smtp"
    fields: tuple[Field, ...] = smtp_settings.FIELDS
    stages: tuple[Stage, ...] = (
        Stage.SETTINGS,
        Stage.ADDRESS,
        Stage.DNS,
        Stage.CONNECT,
        Stage.GREETING,
        Stage.EHLO,
        Stage.TLS,
        Stage.LOGIN,
        Stage.SIZE,
        Stage.SENDER,
        Stage.RECIPIENT,
        Stage.CONTENT,
        Stage.ANSWER,
        Stage.ARRIVAL,
    )
    size_limit: int | None = None  # each server tells its own
    pace: Limits = Limits()
    saves_sent: bool | None = None

    def __init__(self, patience: Patience = PATIENCE, *, wear: Wear = WEAR) -> None:
        self._patience = patience
        self._wear = wear

    def check(self, settings: Mapping[str, object]) -> dict[str, str | int]:
        return smtp_settings.read(settings).to_json()

    def open(self, route: Route) -> Session | Refusal:
        opening = way.begin(route, self._patience)
        if isinstance(opening, Failure):
            return Refusal(opening)
        for stage, step in way.steps(opening):
            taken = way.take(opening, stage, step)
            if isinstance(taken, Failure):
                transcript = opening.transcript
                opening.leave()
                return Refusal(taken, transcript)
        return SmtpSession(opening.line, patience=self._patience, wear=self._wear)

    def probe(self, route: Route, envelope: Envelope, message: bytes) -> Iterator[Finding]:
        return probe(route, envelope, message, patience=self._patience)

    def find_sent(
        self, route: Route, message_id: str, since: datetime, *, witness: Trace | None = None
    ) -> Search:
        return find_sent(route, Trace(message_id, since), witness=witness, patience=self._patience)

    def file_copies(self, route: Route, copies: Sequence[Copy]) -> tuple[Filed | Failure, ...]:
        return file_copies(route, copies, patience=self._patience)
