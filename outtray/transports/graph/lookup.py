"""The messages of a mailbox that have a certain Message-ID."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlencode

from outtray.transports.base import Failure, Stage
from outtray.transports.graph.client import Client
from outtray.transports.graph.failures import failure_from
from outtray.transports.web import Answer


@dataclass(frozen=True, slots=True)
class Message:
    """One that is there, sent or still a draft."""

    id: str
    is_draft: bool


def messages_of(client: Client, path: str, message_id: str) -> list[Message] | Failure:
    """Those under that path, the sent one and drafts alike."""
    quoted = message_id.replace("'", "''")  # OData 4.01, ABNF of SQUOTE-in-string
    query = {
        "$filter": f"internetMessageId eq '{quoted}'",
        "$select": "id,isDraft,internetMessageId",
        "$top": "10",
    }
    reply = client.look(path, query=urlencode(query))
    told = reply.json() if isinstance(reply, Answer) and reply.status == HTTPStatus.OK else None
    entries = told.get("value") if isinstance(told, dict) else None
    if not isinstance(entries, list):
        return failure_from(reply, stage=Stage.MAILBOX)
    return list(_read(entries, message_id))


def _read(entries: list[object], message_id: str) -> Iterator[Message]:
    for entry in entries:
        if isinstance(entry, dict) and entry.get("internetMessageId") == message_id:
            yield Message(str(entry.get("id", "")), is_draft=bool(entry.get("isDraft")))
