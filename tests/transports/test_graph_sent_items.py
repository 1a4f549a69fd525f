"""Looking for a message in the mailbox that sent it, by its Message-ID."""

from __future__ import annotations

from dataclasses import replace

import pytest

from outtray.mail.address import Address
from outtray.transports.base import Failure, Found, Search, Stage, Trace
from outtray.transports.graph.transport import GraphTransport
from tests.servers.graph import GraphServer, refuses
from tests.servers.ledger_deeds import Deed, End
from tests.servers.tokens import FixedTokens
from tests.transports.graph_cases import (
    AT,
    BLIND,
    MESSAGE_ID,
    ONE,
    SALES,
    SEND,
    TOKEN,
    WRITE,
    Opened,
    graph,
    letter,
    opened,
    route_to,
    send,
    tokens,
)

__all__ = ["graph", "opened"]

WITNESS = Trace(MESSAGE_ID, AT)
OTHER = "<it's-another@nordwind.example>"


def looked(
    graph: GraphServer,
    message_id: str,
    *,
    witness: Trace | None = WITNESS,
    held: FixedTokens | None = None,
    **settings: str,
) -> Search:
    route = route_to(graph, held)
    route = replace(route, settings={**route.settings, **settings})
    return GraphTransport().find_sent(route, message_id, AT, witness=witness)


def test_what_was_sent_is_found(graph: GraphServer, opened: Opened) -> None:
    send(opened(route_to(graph)), letter(), ONE)

    search = looked(graph, MESSAGE_ID)

    assert search == Search(Found.FOUND, "It lies in the Sent Items.")
    assert graph.complaints == []


@pytest.mark.parametrize("recipients", [(ONE,), (ONE, BLIND)], ids=["mime", "draft"])
def test_what_was_taken_without_an_answer_is_found(
    graph: GraphServer, opened: Opened, recipients: tuple[Address, ...]
) -> None:
    graph.told.once("SEND", Deed(end=End.UNANSWERED))
    send(opened(route_to(graph)), letter(), *recipients)

    assert looked(graph, MESSAGE_ID).found is Found.FOUND


def test_what_never_left_is_absent_where_others_are(graph: GraphServer, opened: Opened) -> None:
    send(opened(route_to(graph)), letter(), ONE)

    search = looked(graph, OTHER)

    assert search.found is Found.ABSENT
    assert search.failure is None
    assert graph.complaints == []


def test_without_a_witness_absence_proves_nothing(graph: GraphServer) -> None:
    for witness in (None, WITNESS):
        search = looked(graph, OTHER, witness=witness)

        assert (search.found, search.failure) == (Found.CANNOT_TELL, None)


def test_where_message_ids_are_changed_absence_proves_nothing(
    graph: GraphServer, opened: Opened
) -> None:
    graph.renames = True
    send(opened(route_to(graph)), letter(), ONE)

    assert looked(graph, OTHER).found is Found.CANNOT_TELL


def test_what_lies_among_the_drafts_may_yet_leave(graph: GraphServer, opened: Opened) -> None:
    graph.told.once("SEND", Deed(end=End.BEFORE))
    send(opened(route_to(graph)), letter(), ONE, BLIND)

    search = looked(graph, MESSAGE_ID, witness=None)

    assert (search.found, search.failure) == (Found.CANNOT_TELL, None)
    assert "drafts" in search.told


def test_without_permission_to_read_the_folder_cannot_tell(graph: GraphServer) -> None:
    search = looked(graph, MESSAGE_ID, held=tokens(SEND))

    assert search.found is Found.CANNOT_TELL
    assert isinstance(search.failure, Failure)
    assert (search.failure.stage, search.failure.is_temporary) == (Stage.SCOPES, False)
    assert "Mail.Read" in search.told
    assert graph.requests == []


def test_a_throttled_look_is_tried_again(graph: GraphServer) -> None:
    graph.told.once("LOOK", refuses(429, "ApplicationThrottled", Retry_After="30"))

    search = looked(graph, MESSAGE_ID)

    assert search.found is Found.CANNOT_TELL
    assert isinstance(search.failure, Failure)
    assert (search.failure.is_temporary, search.failure.wait) == (True, 30)


@pytest.mark.parametrize(
    "deed", [Deed(end=End.BEFORE), Deed(reply=b"HTTP/1.1 200 OK\r\n\r\n", end=End.CLOSED)]
)
def test_a_look_without_an_answer_proves_nothing(graph: GraphServer, deed: Deed) -> None:
    graph.told.once("LOOK", deed)

    search = looked(graph, OTHER)

    assert search.found is Found.CANNOT_TELL
    assert isinstance(search.failure, Failure)
    assert search.failure.is_temporary


def test_a_shared_mailbox_is_looked_into_itself(graph: GraphServer) -> None:
    graph.shares(str(SALES), "send_as", "full_access")
    graph.grants(TOKEN, SEND, WRITE)

    looked(graph, MESSAGE_ID, send_as=str(SALES), sent_by="shared")

    assert all("/users/rechnung@nordwind.example/" in request for request in graph.requests)
    assert graph.complaints == []
