"""Graph sends to the envelope's recipients and to nobody else, by the way that keeps most."""

from __future__ import annotations

import pytest

from outtray.mail.address import Address
from outtray.mail.envelope import Envelope
from outtray.transports.base import Accepted, Failure, Scope, Trouble
from tests.servers.graph import GraphServer, refuses
from tests.servers.ledger_deeds import Deed, End
from tests.transports.graph_cases import (
    BEN,
    BLIND,
    MESSAGE_ID,
    ONE,
    SALES,
    SEND,
    TOKEN,
    TWO,
    WRITE,
    Opened,
    file_of,
    graph,
    letter,
    only,
    opened,
    route_to,
    send,
    tokens,
)

__all__ = ["graph", "opened"]

HTML = "<p>Guten Tag,</p><p>anbei die Rechnung für März.</p>"


def test_a_message_goes_as_it_was_frozen(graph: GraphServer, opened: Opened) -> None:
    octets = letter(to=(ONE,), cc=(TWO,), html=HTML, files=(file_of(2_000_000),))

    outcome, announced = send(opened(route_to(graph)), octets, ONE, TWO)

    assert isinstance(only(outcome), Accepted)
    assert (len(outcome.verdicts), announced) == (2, 1)
    (sent,) = graph.sent
    assert (sent.way, sent.mime) == ("mime", octets)
    assert sent.recipients == (str(ONE), str(TWO))
    assert graph.requests == ["POST /v1.0/me/sendMail"]


def test_for_a_message_as_it_is_sending_is_permission_enough(
    graph: GraphServer, opened: Opened
) -> None:
    graph.grants(TOKEN, SEND)

    outcome, _ = send(opened(route_to(graph, tokens(SEND))), letter(), ONE)

    assert isinstance(only(outcome), Accepted)
    assert graph.complaints == []


def test_who_is_in_no_header_gets_it_and_nobody_sees(graph: GraphServer, opened: Opened) -> None:
    outcome, _ = send(opened(route_to(graph)), letter(to=(ONE,), cc=(TWO,)), ONE, TWO, BLIND)

    assert isinstance(only(outcome), Accepted)
    (sent,) = graph.sent
    assert (sent.way, sent.message_id) == ("draft", MESSAGE_ID)
    assert set(sent.recipients) == {str(ONE), str(TWO), str(BLIND)}
    assert str(BLIND) not in sent.shown
    assert (graph.drafts, graph.complaints) == ({}, [])


def test_a_message_that_names_nobody_goes_to_the_envelope(
    graph: GraphServer, opened: Opened
) -> None:
    send(opened(route_to(graph)), letter(to=()), ONE, BLIND)

    (sent,) = graph.sent
    assert sent.names("toRecipients") == []
    assert sent.names("bccRecipients") == [("", str(ONE)), ("", str(BLIND))]


def test_whoever_had_it_already_does_not_get_it_again(graph: GraphServer, opened: Opened) -> None:
    send(opened(route_to(graph)), letter(to=(ONE, TWO)), TWO)

    (sent,) = graph.sent
    assert sent.recipients == (str(TWO),)
    assert sent.names("toRecipients") == [("Müller, AG", str(TWO))]


@pytest.mark.parametrize("written", ["EINS@Kunde.Example", '"eins"@kunde.example'])
def test_an_address_counts_as_named_however_it_is_written(
    graph: GraphServer, opened: Opened, written: str
) -> None:
    octets = letter().replace(str(ONE).encode(), written.encode())

    send(opened(route_to(graph)), octets, ONE)

    (sent,) = graph.sent
    assert len(sent.recipients) == 1
    assert graph.complaints == []


def test_a_blind_copy_in_a_header_is_not_left_to_the_server(
    graph: GraphServer, opened: Opened
) -> None:
    octets = b"Bcc: zwei@kunde.example\r\n" + letter()

    send(opened(route_to(graph)), octets, ONE)

    (sent,) = graph.sent
    assert sent.recipients == (str(ONE),)


def test_an_address_that_cannot_be_read_gets_nothing(graph: GraphServer, opened: Opened) -> None:
    octets = letter().replace(b"Cc:", b"X:").replace(b"Subject:", b"Cc: no address\r\nSubject:")

    outcome, _ = send(opened(route_to(graph)), octets, ONE)

    assert isinstance(only(outcome), Accepted)
    (sent,) = graph.sent
    assert (sent.way, sent.recipients) == ("draft", (str(ONE),))


def test_without_permission_to_write_a_blind_copy_goes_in_one_request(
    graph: GraphServer, opened: Opened
) -> None:
    graph.grants(TOKEN, SEND)

    outcome, announced = send(opened(route_to(graph, tokens(SEND))), letter(), ONE, BLIND)

    assert (isinstance(only(outcome), Accepted), announced) == (True, 1)
    (sent,) = graph.sent
    assert (sent.way, sent.message_id) == ("json", MESSAGE_ID)
    assert set(sent.recipients) == {str(ONE), str(BLIND)}
    assert graph.requests == ["POST /v1.0/me/sendMail"]


def test_where_exchange_alone_knows_the_permissions_they_are_tried(
    graph: GraphServer, opened: Opened
) -> None:
    graph.grants(TOKEN, ".default")
    held = tokens(".default", is_app_only=True)

    outcome, announced = send(opened(route_to(graph, held)), letter(), ONE, BLIND)

    assert (isinstance(only(outcome), Accepted), announced) == (True, 1)
    assert [sent.way for sent in graph.sent] == ["json"]
    assert graph.requests[1:] == [
        "POST /v1.0/users/ben@nordwind.example/messages",
        "POST /v1.0/users/ben@nordwind.example/sendMail",
    ]


def test_a_large_message_needs_permission_to_write(graph: GraphServer, opened: Opened) -> None:
    octets = letter(files=(file_of(4_000_000),))

    outcome, announced = send(opened(route_to(graph, tokens(SEND))), octets, ONE)

    failure = only(outcome)
    assert isinstance(failure, Failure)
    assert (failure.scope, failure.is_temporary) == (Scope.MESSAGE, False)
    assert failure.trouble is Trouble.MESSAGE_TOO_LARGE
    assert "Mail.ReadWrite" in failure.text
    assert (announced, graph.requests) == (0, [])


def test_an_alias_is_named_as_sender(graph: GraphServer, opened: Opened) -> None:
    graph.shares(str(SALES), "send_as")
    route = route_to(graph, sender=SALES, send_as=str(SALES))

    outcome, _ = send(opened(route), letter(sender=SALES), ONE, sender=SALES)

    assert isinstance(only(outcome), Accepted)
    (sent,) = graph.sent
    assert (sent.sender, sent.mailbox) == (str(SALES), str(BEN))
    assert graph.requests[1] == "POST /v1.0/me/messages"


def test_a_shared_mailbox_may_keep_what_it_sends(graph: GraphServer, opened: Opened) -> None:
    graph.shares(str(SALES), "send_as", "full_access")
    route = route_to(graph, sender=SALES, send_as=str(SALES), sent_by="shared")

    send(opened(route), letter(sender=SALES), ONE, sender=SALES)

    (sent,) = graph.sent
    assert (sent.sender, sent.mailbox) == (str(SALES), str(SALES))
    assert graph.requests[1] == "POST /v1.0/users/rechnung@nordwind.example/messages"


def test_without_the_right_nobody_sends_as_another(graph: GraphServer, opened: Opened) -> None:
    route = route_to(graph, sender=SALES, send_as=str(SALES))

    outcome, _ = send(opened(route), letter(sender=SALES), ONE, sender=SALES)

    failure = only(outcome)
    assert isinstance(failure, Failure)
    assert (failure.scope, failure.is_temporary) == (Scope.SENDER, False)
    assert (failure.code, failure.identifier) == (403, "ErrorSendAsDenied")
    assert graph.drafts == {}


def test_a_message_frozen_for_an_earlier_address_is_not_sent_by_another(
    graph: GraphServer, opened: Opened
) -> None:
    octets = letter(sender=SALES)

    outcome, _ = send(opened(route_to(graph)), octets, ONE, sender=SALES)

    failure = only(outcome)
    assert isinstance(failure, Failure)
    assert failure.identifier == "ErrorSendAsDenied"
    assert graph.sent == []


def test_an_application_acts_in_the_mailbox_of_that_address(
    graph: GraphServer, opened: Opened
) -> None:
    held = tokens(SEND, WRITE, is_app_only=True)

    outcome, _ = send(opened(route_to(graph, held)), letter(), ONE)

    assert isinstance(only(outcome), Accepted)
    assert graph.requests == ["POST /v1.0/users/ben@nordwind.example/sendMail"]


def test_many_messages_share_a_connection(graph: GraphServer, opened: Opened) -> None:
    session = opened(route_to(graph))

    for _ in range(3):
        send(session, letter(), ONE)

    assert (len(graph.sent), graph.connections) == (3, 1)
    assert session.usable


def test_an_address_beyond_ascii_arrives_as_it_is(graph: GraphServer, opened: Opened) -> None:
    umlaut = Address.parse("jürgen@bücher.example")

    send(opened(route_to(graph)), letter(to=(umlaut,)), umlaut, BLIND)

    (sent,) = graph.sent
    assert sent.names("toRecipients") == [("Müller, AG", "jürgen@xn--bcher-kva.example")]


def test_nothing_is_sent_if_the_caller_steps_back(graph: GraphServer, opened: Opened) -> None:
    session = opened(route_to(graph))

    def step_back() -> None:
        raise LookupError

    for recipients in ((ONE,), (ONE, BLIND)):
        with pytest.raises(LookupError):
            session.send(Envelope(BEN, recipients), letter(), before_content=step_back)

    assert (graph.sent, graph.drafts) == ([], {})


def test_what_an_earlier_try_left_among_the_drafts_is_cleared(
    graph: GraphServer, opened: Opened
) -> None:
    graph.told.once("SEND", Deed(end=End.BEFORE))
    send(opened(route_to(graph)), letter(), ONE, BLIND)
    assert len(graph.drafts) == 1

    outcome, _ = send(opened(route_to(graph)), letter(), ONE, BLIND)

    assert isinstance(only(outcome), Accepted)
    assert (len(graph.sent), graph.drafts) == (1, {})


def test_a_look_at_the_drafts_that_fails_keeps_nobody_from_sending(
    graph: GraphServer, opened: Opened
) -> None:
    graph.told.once("LOOK", refuses(503, "ErrorServerBusy"))

    outcome, _ = send(opened(route_to(graph)), letter(), ONE, BLIND)

    assert isinstance(only(outcome), Accepted)


def test_a_server_that_repeats_our_token_is_not_quoted(graph: GraphServer, opened: Opened) -> None:
    graph.told.once("SEND", refuses(403, "ErrorAccessDenied", f"Not with\n{TOKEN}\0"))

    outcome, _ = send(opened(route_to(graph)), letter(), ONE)

    failure = only(outcome)
    assert isinstance(failure, Failure)
    assert failure.text == "Not with [secret]"
    assert TOKEN not in "".join(outcome.transcript)


def test_the_transcript_holds_no_secret(graph: GraphServer, opened: Opened) -> None:
    outcome, _ = send(opened(route_to(graph)), letter(files=(file_of(3_500_000),)), ONE)

    told = "\n".join(outcome.transcript)
    assert TOKEN not in told
    assert "authtoken" not in told
    assert "S: 202" in told
