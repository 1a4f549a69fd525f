"""Files too large for one request: piece by piece, in order, to an address that is judged."""

from __future__ import annotations

import pytest

from outtray.mail.mime import InlineImage
from outtray.transports.base import Accepted, Failure, Scope, Stage, Trouble
from outtray.transports.graph.limits import PIECE, WHOLE_FILE
from tests.servers.graph import GraphServer, refuses
from tests.servers.http_wire import reply
from tests.servers.ledger_deeds import Deed, End
from tests.transports.graph_cases import (
    HASTY_TO_LOOK,
    LATE,
    MESSAGE_ID,
    ONE,
    Opened,
    file_of,
    graph,
    letter,
    only,
    opened,
    route_to,
    send,
)

__all__ = ["graph", "opened"]

LARGE = letter(files=(file_of(4_200_000),))


def test_a_large_file_arrives_whole(graph: GraphServer, opened: Opened) -> None:
    large, small = file_of(2 * PIECE + 1), file_of(100_000, "Anlage ü.csv")

    outcome, announced = send(opened(route_to(graph)), letter(files=(large, small)), ONE)

    assert (isinstance(only(outcome), Accepted), announced) == (True, 1)
    (sent,) = graph.sent
    assert (sent.way, sent.message_id) == ("draft", MESSAGE_ID)
    assert [(file.name, file.content) for file in sent.files] == [
        (large.filename, large.content),
        (small.filename, small.content),
    ]
    assert sum(request.startswith("PUT") for request in graph.requests) == 3
    assert (graph.complaints, graph.drafts) == ([], {})


@pytest.mark.parametrize(
    ("octets", "pieces"),
    [(WHOLE_FILE - 1, 0), (WHOLE_FILE, 1), (PIECE, 1)],
)
def test_files_at_the_bounds_arrive(
    graph: GraphServer, opened: Opened, octets: int, pieces: int
) -> None:
    file = file_of(octets)
    # The picture makes the whole too large for one request, whatever the file is.
    picture = InlineImage("logo@nordwind", "image/png", b"\x89PNG" * 250_000, "logo.png")
    octets_sent = letter(files=(file,), html='<img src="cid:logo@nordwind">', inline=(picture,))

    send(opened(route_to(graph)), octets_sent, ONE)

    (sent,) = graph.sent
    assert [each.content for each in sent.files] == [picture.content, file.content]
    assert (sent.files[0].cid, sent.files[0].is_inline) == ("logo@nordwind", True)
    assert sum(request.startswith("PUT") for request in graph.requests) == pieces
    assert graph.complaints == []


@pytest.mark.parametrize("step", ["ATTACH", "UPLOAD"])
@pytest.mark.parametrize(
    "deed",
    [
        Deed(end=End.BEFORE),
        Deed(end=End.UNANSWERED),
        refuses(503, "ErrorServerBusy"),
        refuses(429, "TooManyRequests", Retry_After="5"),
    ],
)
def test_an_upload_that_fails_is_tried_again_and_leaves_no_draft(
    graph: GraphServer, opened: Opened, step: str, deed: Deed
) -> None:
    graph.told.once(step, deed)

    outcome, announced = send(opened(route_to(graph)), LARGE, ONE)

    failure = only(outcome)
    assert isinstance(failure, Failure)
    assert (failure.stage, failure.scope, failure.is_temporary) == (
        Stage.CONTENT,
        Scope.SERVER,
        True,
    )
    assert (announced, graph.sent, graph.drafts) == (0, [], {})


def test_a_silent_server_does_not_hold_a_file_for_ever(graph: GraphServer, opened: Opened) -> None:
    graph.told.once("ATTACH", Deed(waits=LATE))

    outcome, announced = send(opened(route_to(graph), HASTY_TO_LOOK), LARGE, ONE)

    failure = only(outcome)
    assert isinstance(failure, Failure)
    assert (failure.trouble, failure.is_temporary) == (Trouble.TIMED_OUT, True)
    assert announced == 0


@pytest.mark.parametrize("step", ["DRAFT", "ATTACH"])
def test_where_only_large_files_are_refused_the_mailbox_goes_on(
    graph: GraphServer, opened: Opened, step: str
) -> None:
    graph.told.once(step, refuses(403, "ErrorAccessDenied"))

    outcome, announced = send(opened(route_to(graph)), LARGE, ONE)

    failure = only(outcome)
    assert isinstance(failure, Failure)
    assert (failure.scope, failure.is_temporary) == (Scope.MESSAGE, False)
    assert failure.identifier == "ErrorAccessDenied"
    assert (announced, graph.drafts) == (0, {})


def test_an_upload_whose_right_has_ended_says_nothing_of_the_mailbox(
    graph: GraphServer, opened: Opened
) -> None:
    graph.told.once("UPLOAD", refuses(401, "InvalidAuthenticationToken"))

    outcome, _ = send(opened(route_to(graph)), LARGE, ONE)

    failure = only(outcome)
    assert isinstance(failure, Failure)
    assert (failure.stage, failure.scope, failure.is_temporary) == (
        Stage.CONTENT,
        Scope.SERVER,
        True,
    )


def test_a_server_that_wants_another_piece_is_not_given_this_one(
    graph: GraphServer, opened: Opened
) -> None:
    graph.told.once("UPLOAD", Deed(reply=reply(200, {"nextExpectedRanges": ["0-"]})))

    outcome, announced = send(opened(route_to(graph)), LARGE, ONE)

    failure = only(outcome)
    assert isinstance(failure, Failure)
    assert (failure.is_temporary, announced) == (True, 0)
    assert sum(request.startswith("PUT") for request in graph.requests) == 1


@pytest.mark.parametrize(
    "place",
    ["http://169.254.169.254", "https://10.1.2.3", "file:///etc"],
)
def test_an_upload_goes_to_no_place_that_may_not_be_reached(
    graph: GraphServer, opened: Opened, place: str
) -> None:
    graph.upload_host = place

    outcome, announced = send(opened(route_to(graph)), LARGE, ONE)

    failure = only(outcome)
    assert isinstance(failure, Failure)
    assert failure.trouble in (Trouble.NOT_ALLOWED, Trouble.SETTINGS)
    assert (announced, graph.sent, graph.drafts) == (0, [], {})


def test_what_the_organisation_does_not_take_fails_as_a_message(
    graph: GraphServer, opened: Opened
) -> None:
    graph.message_limit = 4_000_000

    outcome, _ = send(opened(route_to(graph)), LARGE, ONE)

    failure = only(outcome)
    assert isinstance(failure, Failure)
    assert (failure.scope, failure.is_temporary) == (Scope.MESSAGE, False)
    assert failure.identifier == "ErrorMessageSizeExceeded"
    assert graph.drafts == {}
