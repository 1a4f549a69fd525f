"""Handing messages to an Exchange server that accepts, refuses, loses answers and misbehaves."""

from __future__ import annotations

import pytest

from outtray.mail.envelope import Envelope
from outtray.transports.base import Accepted, Failure, Scope, Trouble
from tests.servers.authority import Authority
from tests.servers.ews import EwsServer
from tests.servers.ews_deeds import (
    AnswersAndCloses,
    Page,
    Says,
)
from tests.servers.ews_mailbox import Recipients
from tests.transports.conftest import MESSAGE, envelope_for, send
from tests.transports.exchange import opened, route_to, verdict_of

COPIED = MESSAGE.replace(b"Subject:", b"Cc: Ina <ina@customer.example>\r\nSubject:")


def test_a_message_leaves_byte_for_byte_and_is_kept_in_sent_items(
    ews_server: EwsServer, authority: Authority, envelope: Envelope
) -> None:
    verdict, announced = verdict_of(ews_server, authority, envelope)

    assert isinstance(verdict, Accepted)
    (sent,) = ews_server.mailbox.sent
    assert sent.mime == MESSAGE
    assert sent.everybody == ["info@customer.example"]
    assert announced == 1
    assert [item.mime for item in ews_server.mailbox.in_folder("sentitems")] == [MESSAGE]
    assert ews_server.operations[-4:] == ["FindItem", "CreateItem", "GetItem", "SendItem"]


def test_it_is_announced_exactly_before_the_step_of_no_return(
    ews_server: EwsServer, authority: Authority, envelope: Envelope
) -> None:
    session = opened(route_to(ews_server, ca_file=authority.ca_file))
    before: list[list[str]] = []

    session.send(
        envelope, MESSAGE, before_content=lambda: before.append(list(ews_server.operations))
    )

    assert before == [["ConvertId", "GetFolder", "FindItem", "CreateItem", "GetItem"]]
    assert ews_server.operations[len(before[0]) :] == ["SendItem"]
    session.close()


def test_what_stops_it_at_the_last_moment_leaves_nothing_behind(
    ews_server: EwsServer, authority: Authority, envelope: Envelope
) -> None:
    session = opened(route_to(ews_server, ca_file=authority.ca_file))

    def stop() -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        session.send(envelope, MESSAGE, before_content=stop)

    assert (ews_server.mailbox.sent, ews_server.mailbox.items) == ([], {})
    assert not session.usable
    session.close()


def test_what_an_earlier_try_left_behind_does_not_stay(
    ews_server: EwsServer, authority: Authority, envelope: Envelope
) -> None:
    ews_server.mailbox.file(MESSAGE, "drafts")

    verdict, _ = verdict_of(ews_server, authority, envelope)

    assert isinstance(verdict, Accepted)
    assert ews_server.mailbox.in_folder("drafts") == []


def test_what_an_earlier_try_has_on_its_way_is_not_sent_again(
    ews_server: EwsServer, authority: Authority, envelope: Envelope
) -> None:
    ews_server.mailbox.file(MESSAGE, "drafts")
    (earlier,) = ews_server.mailbox.in_folder("drafts")
    earlier.is_submitted = True

    verdict, announced = verdict_of(ews_server, authority, envelope)

    assert isinstance(verdict, Failure)
    assert verdict.is_temporary
    assert (announced, ews_server.mailbox.sent) == (0, [])
    assert ews_server.mailbox.in_folder("drafts") == [earlier]


@pytest.mark.parametrize("keeps", [Recipients.OVERRIDE, Recipients.APPEND])
@pytest.mark.parametrize(
    ("message", "to", "cc", "bcc"),
    [
        (MESSAGE, ["info@customer.example"], [], ["secret@nordwind.example"]),
        (COPIED, ["info@customer.example"], ["ina@customer.example"], []),
        (COPIED, ["info@customer.example"], [], ["secret@nordwind.example"]),
        (COPIED, [], ["ina@customer.example"], []),
        (COPIED, [], [], ["secret@nordwind.example", "two@nordwind.example"]),
        (MESSAGE.replace(b"info@", b"INFO@"), ["info@customer.example"], [], []),
        (MESSAGE.replace(b"To:", b"Bcc: old@customer.example\r\nTo:"), [], [], ["a@b.example"]),
        (
            MESSAGE.replace(b"To: ", b"To: info@customer.example, "),
            ["info@customer.example"],
            [],
            [],
        ),
        (
            MESSAGE.replace(b"To: ", b"To: undisclosed:;\r\nX-To: "),
            [],
            [],
            ["info@customer.example"],
        ),
    ],
)
def test_only_the_recipients_of_the_envelope_get_it(
    ews_server: EwsServer,
    authority: Authority,
    keeps: Recipients,
    message: bytes,
    to: list[str],
    cc: list[str],
    bcc: list[str],
) -> None:
    ews_server.mailbox.keeps = keeps

    verdict, _ = verdict_of(ews_server, authority, envelope_for(*to, *cc, *bcc), message)

    assert isinstance(verdict, Accepted)
    (sent,) = ews_server.mailbox.sent
    assert sent.mime == message
    assert [[address.lower() for address in people] for people in sent.recipients.values()] == [
        to,
        cc,
        bcc,
    ]


def test_a_server_that_keeps_other_recipients_sends_nothing(
    ews_server: EwsServer, authority: Authority
) -> None:
    ews_server.mailbox.keeps = Recipients.APPEND_ALWAYS

    verdict, announced = verdict_of(
        ews_server, authority, envelope_for("info@customer.example"), COPIED
    )

    assert isinstance(verdict, Failure)
    assert (verdict.identifier, verdict.scope) == ("EwsRecipients", Scope.MESSAGE)
    assert (announced, ews_server.mailbox.sent, ews_server.mailbox.items) == (0, [], {})


def test_a_message_that_the_web_server_finds_too_large_is_refused(
    ews_server: EwsServer, authority: Authority, envelope: Envelope
) -> None:
    ews_server.at("CreateItem", Page(413, "<title>Request Entity Too Large</title>"))

    verdict, _ = verdict_of(ews_server, authority, envelope)

    assert isinstance(verdict, Failure)
    assert (verdict.code, verdict.scope) == (413, Scope.MESSAGE)


def test_a_large_message_goes_like_any_other(
    ews_server: EwsServer, authority: Authority, envelope: Envelope
) -> None:
    large = MESSAGE + b"=" * 75 + b"\r\n" + (b"x" * 76 + b"\r\n") * 100_000

    verdict, _ = verdict_of(ews_server, authority, envelope, large)

    assert isinstance(verdict, Accepted)
    assert ews_server.mailbox.sent[0].mime == large


def test_a_line_that_is_closed_between_steps_is_opened_again(
    ews_server: EwsServer, authority: Authority, envelope: Envelope
) -> None:
    ews_server.at("GetItem", AnswersAndCloses())

    verdict, _ = verdict_of(ews_server, authority, envelope)

    assert isinstance(verdict, Accepted)
    assert len(ews_server.mailbox.sent) == 1
    assert ews_server.refused == []


def test_after_a_refused_message_the_next_one_goes(
    ews_server: EwsServer, authority: Authority, envelope: Envelope
) -> None:
    ews_server.at("SendItem", Says("ErrorMessageSizeExceeded"))
    session = opened(route_to(ews_server, ca_file=authority.ca_file))

    first, _ = send(session, envelope)
    assert session.usable
    second, _ = send(session, envelope)

    assert isinstance(first.verdicts[0], Failure)
    assert isinstance(second.verdicts[0], Accepted)
    session.close()


@pytest.mark.parametrize(("times", "outcome"), [(1, Accepted), (2, Failure)])
def test_a_line_that_is_ended_within_its_handshake_is_begun_once_more(
    ews_server: EwsServer, authority: Authority, envelope: Envelope, times: int, outcome: type
) -> None:
    session = opened(route_to(ews_server, ca_file=authority.ca_file))
    ews_server.at("CreateItem", AnswersAndCloses())
    ews_server.next_hang_ups = times

    verdict = send(session, envelope)[0].verdicts[0]
    session.close()

    assert isinstance(verdict, outcome)
    if isinstance(verdict, Failure):
        assert (verdict.trouble, verdict.scope) == (Trouble.TLS_INTERRUPTED, Scope.SERVER)
        assert verdict.is_temporary


def test_a_session_that_lies_idle_too_long_sees_it(
    ews_server: EwsServer, authority: Authority, envelope: Envelope
) -> None:
    ews_server.at("SendItem", AnswersAndCloses())
    session = opened(route_to(ews_server, ca_file=authority.ca_file))
    send(session, envelope)

    outcome, announced = send(session, envelope)

    assert not session.usable
    assert isinstance(outcome.verdicts[0], Failure)
    assert outcome.verdicts[0].is_temporary
    assert announced == 0
    session.close()


def test_the_transcript_tells_the_steps_and_no_secret(
    ews_server: EwsServer, authority: Authority, envelope: Envelope
) -> None:
    ews_server.at("SendItem", Says("ErrorSendAsDenied", "correct horse may not send as this"))
    session = opened(route_to(ews_server, ca_file=authority.ca_file))

    outcome, _ = send(session, envelope)

    assert outcome.transcript[2:8] == (
        "C: CreateItem",
        "S: 200",
        "C: GetItem",
        "S: 200",
        "C: SendItem",
        "S: 200",
    )
    assert "ErrorSendAsDenied" in outcome.transcript[8]
    assert "correct horse" not in str(outcome)
    session.close()
