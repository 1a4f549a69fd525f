"""What Graph's refusals, silences and odd answers come to: certainly failed, or not known."""

from __future__ import annotations

from dataclasses import replace

import pytest

from outtray.mail.address import Address
from outtray.transports.base import (
    Accepted,
    Failure,
    Scope,
    Source,
    Stage,
    Trouble,
    Unanswered,
)
from outtray.transports.web_failures import own_failure
from tests.servers.graph import GraphServer, refuses
from tests.servers.http_wire import reply
from tests.servers.ledger_deeds import Deed, End, floods
from tests.servers.processes import free_ports
from tests.servers.tokens import FixedTokens
from tests.transports.graph_cases import (
    BLIND,
    BOTH,
    FRESH,
    HASTY_TO_LOOK,
    HASTY_TO_SEND,
    LATE,
    ONE,
    SEND,
    TOKEN,
    WRITE,
    Opened,
    graph,
    letter,
    only,
    opened,
    refused,
    route_to,
    send,
)

__all__ = ["graph", "opened"]

# One that goes as it is, and one that becomes a draft.
WAYS = ((ONE,), (ONE, BLIND))


@pytest.mark.parametrize("recipients", WAYS, ids=["mime", "draft"])
@pytest.mark.parametrize(
    ("deed", "scope", "is_temporary"),
    [
        (refuses(429, "ApplicationThrottled", Retry_After="17"), Scope.SERVER, True),
        (refuses(503, "ErrorServerBusy"), Scope.SERVER, True),
        (refuses(500, "ErrorInternalServerTransientError"), Scope.SERVER, True),
        (refuses(403, "ErrorSendAsDenied"), Scope.SENDER, False),
        (refuses(403, "ErrorAccessDenied"), Scope.MAILBOX, False),
        (refuses(400, "ErrorInvalidRecipients"), Scope.MESSAGE, False),
        (refuses(413, "ErrorMessageSizeExceeded"), Scope.MESSAGE, False),
        (refuses(429, "ErrorExceededMessageLimit"), Scope.MAILBOX, True),
        (refuses(404, "MailboxNotEnabledForRESTAPI"), Scope.MAILBOX, False),
    ],
)
def test_a_clear_no_is_certainly_no(
    graph: GraphServer,
    opened: Opened,
    recipients: tuple[Address, ...],
    deed: Deed,
    scope: Scope,
    is_temporary: bool,
) -> None:
    graph.told.once("SEND", deed)

    outcome, announced = send(opened(route_to(graph)), letter(), *recipients)

    failure = only(outcome)
    assert isinstance(failure, Failure)
    assert (failure.stage, failure.source) == (Stage.SEND, Source.SERVER)
    assert (failure.scope, failure.is_temporary) == (scope, is_temporary)
    assert (announced, graph.sent, graph.drafts) == (1, [], {})


def test_the_wait_that_is_asked_for_is_told(graph: GraphServer, opened: Opened) -> None:
    graph.told.once("SEND", refuses(429, "ApplicationThrottled", Retry_After="17"))

    outcome, _ = send(opened(route_to(graph)), letter(), ONE)

    failure = only(outcome)
    assert isinstance(failure, Failure)
    assert (failure.wait, failure.identifier) == (17, "ApplicationThrottled")


def test_a_mailbox_rests_until_a_date_by_the_servers_clock(
    graph: GraphServer, opened: Opened
) -> None:
    date = {"Date": "Mon, 23 Nov 2026 09:00:00 GMT"}
    until = {"Retry_After": "Mon, 23 Nov 2026 09:02:00 GMT"}
    graph.told.once("SEND", refuses(503, "ServiceUnavailable", **date, **until))

    outcome, _ = send(opened(route_to(graph)), letter(), ONE)

    failure = only(outcome)
    assert isinstance(failure, Failure)
    assert failure.wait == 120
    assert failure.scope is Scope.MAILBOX


@pytest.mark.parametrize("recipients", WAYS, ids=["mime", "draft"])
@pytest.mark.parametrize(
    "deed",
    [
        pytest.param(Deed(end=End.UNANSWERED), id="taken, no answer"),
        pytest.param(Deed(end=End.BEFORE), id="not taken, no answer"),
        pytest.param(Deed(waits=LATE), id="taken, answered too late"),
        pytest.param(Deed(reply=b"rubbish\r\n\r\n", end=End.CLOSED), id="rubbish"),
        pytest.param(floods(202, 3_000_000), id="flood"),
        pytest.param(Deed(reply=reply(200, {})), id="200 in place of 202"),
        pytest.param(Deed(reply=reply(204)), id="204 in place of 202"),
        pytest.param(Deed(reply=reply(504)), id="gateway gave up"),
        pytest.param(Deed(reply=reply(502, b"<html>")), id="gateway broke"),
        pytest.param(Deed(reply=reply(500)), id="500 without a reason"),
        pytest.param(refuses(500, "ErrorTimeoutExpired"), id="it took too long there"),
    ],
)
def test_what_may_have_been_sent_is_not_known(
    graph: GraphServer, opened: Opened, recipients: tuple[Address, ...], deed: Deed
) -> None:
    session = opened(route_to(graph), HASTY_TO_SEND)
    graph.told.once("SEND", deed)

    outcome, announced = send(session, letter(), *recipients)

    assert isinstance(only(outcome), Unanswered)
    assert len(outcome.verdicts) == len(recipients)
    assert (announced, session.usable) == (1, False)


def test_a_draft_of_which_nobody_knows_whether_it_was_sent_stays(
    graph: GraphServer, opened: Opened
) -> None:
    graph.told.once("SEND", Deed(end=End.BEFORE))

    outcome, _ = send(opened(route_to(graph)), letter(), ONE, BLIND)

    assert isinstance(only(outcome), Unanswered)
    assert len(graph.drafts) == 1
    assert not any(request.startswith("DELETE") for request in graph.requests)


@pytest.mark.parametrize("step", ["HEAD", "BODY"])
def test_a_request_that_did_not_leave_whole_is_no_riddle(
    graph: GraphServer, opened: Opened, step: str
) -> None:
    session = opened(route_to(graph))
    graph.told.once(step, Deed(end=End.RESET))
    octets = letter() + b"." * 2_500_000

    outcome, _ = send(session, octets, ONE)

    verdict = only(outcome)
    assert not isinstance(verdict, Accepted)
    assert not graph.sent
    assert not session.usable


@pytest.mark.parametrize(
    "deed",
    [
        Deed(end=End.BEFORE),
        Deed(end=End.UNANSWERED),
        Deed(waits=LATE),
        refuses(503, "ErrorServerBusy"),
        refuses(429, "TooManyRequests", Retry_After="5"),
        Deed(reply=reply(200, {})),
        Deed(reply=reply(201, {"id": ""})),
    ],
)
def test_a_draft_that_fails_is_tried_again(graph: GraphServer, opened: Opened, deed: Deed) -> None:
    graph.told.once("DRAFT", deed)

    outcome, announced = send(opened(route_to(graph), HASTY_TO_LOOK), letter(), ONE, BLIND)

    failure = only(outcome)
    assert isinstance(failure, Failure)
    assert (failure.scope, failure.is_temporary) == (Scope.SERVER, True)
    assert (announced, graph.sent) == (0, [])


def test_a_draft_keeps_the_message_id_that_was_frozen(graph: GraphServer, opened: Opened) -> None:
    graph.renames = True

    send(opened(route_to(graph)), letter(), ONE, BLIND)

    assert graph.requests[2].startswith("PATCH /v1.0/me/messages/AAk")
    assert graph.sent[0].message_id == "<1@nordwind.example>"
    assert graph.complaints == []


def test_a_refused_token_is_renewed_once_and_the_message_goes(
    graph: GraphServer, opened: Opened
) -> None:
    graph.grants(FRESH, SEND, WRITE)
    graph.revokes(TOKEN)
    held = FixedTokens(TOKEN, FRESH, scopes=BOTH)

    outcome, announced = send(opened(route_to(graph, held)), letter(), ONE)

    assert (isinstance(only(outcome), Accepted), announced) == (True, 1)
    assert (held.refused, len(graph.sent)) == ([TOKEN], 1)


def test_a_token_refused_twice_stops_the_mailbox(graph: GraphServer, opened: Opened) -> None:
    graph.revokes(TOKEN)
    held = FixedTokens(TOKEN, FRESH, scopes=BOTH)

    outcome, _ = send(opened(route_to(graph, held)), letter(), ONE)

    failure = only(outcome)
    assert isinstance(failure, Failure)
    assert (failure.stage, failure.scope, failure.is_temporary) == (
        Stage.TOKEN,
        Scope.MAILBOX,
        False,
    )
    assert (failure.code, failure.identifier) == (401, "InvalidAuthenticationToken")
    assert held.refused == [TOKEN]


def test_a_challenge_that_no_renewal_answers_is_told(graph: GraphServer, opened: Opened) -> None:
    challenge = 'Bearer realm="", error="insufficient_claims", claims="eyJhIjoxfQ=="'
    told = refuses(401, "InvalidAuthenticationToken", WWW_Authenticate=challenge)
    graph.told.always("SEND", told)

    outcome, _ = send(opened(route_to(graph)), letter(), ONE)

    failure = only(outcome)
    assert isinstance(failure, Failure)
    assert (failure.scope, failure.is_temporary) == (Scope.MAILBOX, False)
    assert failure.identifier == "insufficient_claims"


def test_after_silence_no_token_is_renewed(graph: GraphServer, opened: Opened) -> None:
    held = FixedTokens(TOKEN, FRESH, scopes=BOTH)
    graph.told.once("SEND", Deed(end=End.UNANSWERED))

    outcome, _ = send(opened(route_to(graph, held)), letter(), ONE)

    assert isinstance(only(outcome), Unanswered)
    assert (held.refused, len(graph.requests)) == ([], 1)


def test_a_consent_that_ended_is_told_as_it_is(graph: GraphServer, opened: Opened) -> None:
    ended = own_failure(Trouble.SETTINGS, "AADSTS700082: expired", stage=Stage.TOKEN)
    graph.revokes(TOKEN)
    held = FixedTokens(TOKEN, scopes=BOTH, ends=ended)

    outcome, _ = send(opened(route_to(graph, held)), letter(), ONE)

    assert only(outcome) == ended
    assert refused(route_to(graph, held)).failure == ended


def test_a_server_that_is_down_is_a_passing_fault(graph: GraphServer) -> None:
    (port,) = free_ports(1)

    failure = refused(route_to(graph, endpoint=f"http://127.0.0.1:{port}")).failure

    assert (failure.stage, failure.is_temporary) == (Stage.CONNECT, True)
    assert failure.trouble is Trouble.CONNECTION_REFUSED


def test_a_stand_in_is_no_place_for_tokens_elsewhere(graph: GraphServer) -> None:
    for endpoint in (graph.url, "https://graph.example.net"):
        route = replace(route_to(graph, endpoint=endpoint), allow_local=False)

        failure = refused(route).failure

        assert (failure.trouble, failure.source) == (Trouble.NOT_ALLOWED, Source.LOCAL)
    assert graph.connections == 0


def test_without_a_sign_in_nothing_is_asked(graph: GraphServer) -> None:
    failure = refused(replace(route_to(graph), tokens=None)).failure

    assert (failure.stage, failure.scope) == (Stage.TOKEN, Scope.MAILBOX)
    assert graph.connections == 0


def test_an_idle_line_that_was_closed_is_no_riddle(graph: GraphServer, opened: Opened) -> None:
    session = opened(route_to(graph))
    send(session, letter(), ONE)
    graph.hang_up()
    assert graph.wait_until_quiet(5)

    outcome, _ = send(session, letter(), ONE)

    assert isinstance(only(outcome), Accepted)
    assert graph.connections == 2
