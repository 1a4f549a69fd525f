"""Microsoft Graph as a Transport: its fields, stages and sessions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from outtray.lib.errors import Refused
from outtray.mail.envelope import Envelope
from outtray.transports.base import (
    Failure,
    Field,
    Finding,
    Found,
    Limits,
    Refusal,
    Route,
    Search,
    Session,
    Stage,
    Trace,
    Trouble,
)
from outtray.transports.graph import limits, probing, sent_items
from outtray.transports.graph import settings as graph_settings
from outtray.transports.graph.client import Client
from outtray.transports.graph.patience import PATIENCE, WATCHED, Patience
from outtray.transports.graph.session import GraphSession
from outtray.transports.web_failures import own_failure


class GraphTransport:
    """Sending through a mailbox in Microsoft's cloud."""

    name = "graph"
    fields: tuple[Field, ...] = graph_settings.FIELDS
    stages: tuple[Stage, ...] = probing.STAGES
    size_limit: int | None = limits.LARGEST
    pace: Limits = limits.PACE
    saves_sent: bool | None = True

    def __init__(self, patience: Patience = PATIENCE, *, watched: Patience = WATCHED) -> None:
        self._patience = patience
        self._watched = watched

    def check(self, settings: Mapping[str, object]) -> dict[str, str | int]:
        return graph_settings.read(settings).to_json()

    def open(self, route: Route) -> Session | Refusal:
        client = self._client(route)
        if isinstance(client, Failure):
            return Refusal(client)
        token = client.token()
        failure = token if isinstance(token, Failure) else client.connect()
        if failure:
            client.close()
            return Refusal(failure, client.transcript())
        return GraphSession(client)

    def probe(self, route: Route, envelope: Envelope, message: bytes) -> Iterator[Finding]:
        return probing.probe(route, envelope, message, patience=self._watched)

    def find_sent(
        self, route: Route, message_id: str, since: datetime, *, witness: Trace | None = None
    ) -> Search:
        client = self._client(route)
        if isinstance(client, Failure):
            return Search(Found.CANNOT_TELL, client.text, client)
        try:
            return sent_items.find_sent(client, Trace(message_id, since), witness=witness)
        finally:
            client.close()

    def _client(self, route: Route) -> Client | Failure:
        try:
            settings = graph_settings.read(route.settings)
        except Refused as refused:
            return own_failure(Trouble.SETTINGS, refused.detail, stage=Stage.SETTINGS)
        return Client(route, settings, self._patience)
