"""The Gmail API sends the frozen message to the envelope's recipients, and to nobody else."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from outtray.mail.address import Address
from outtray.mail.envelope import Envelope
from outtray.transports.base import (
    Accepted,
    Failure,
    Scope,
    Source,
    Stage,
    Trouble,
    Unanswered,
    Verdict,
)
from outtray.transports.gmail import scopes
from outtray.transports.gmail.session import RAW_LIMIT, SIZE_LIMIT
from tests.servers.gmail import SEND, UPLOAD, GmailServer, refuses
from tests.servers.http_wire import reply
from tests.servers.ledger_deeds import Deed, End, floods
from tests.servers.tokens import FixedTokens
from tests.transports.gmail_cases import (
    BEN,
    BLIND,
    FRESH,
    HASTY,
    MESSAGE_ID,
    ONE,
    TOKEN,
    TWO,
    Opened,
    gmail,
    message,
    opened,
    refused,
    route_to,
    send,
    tokens,
)

__all__ = ["gmail", "opened"]

LATE = 0.5  # seconds; longer than HASTY waits


def only(verdicts: tuple[Verdict, ...]) -> Verdict:
    """The one verdict that all recipients have."""
    assert len(set(verdicts)) == 1
    return verdicts[0]


def test_a_message_is_sent_as_it_was_frozen(gmail: GmailServer, opened: Opened) -> None:
    octets = message(to=(ONE, TWO))

    outcome, announced = send(opened(route_to(gmail)), octets, ONE, TWO)

    assert isinstance(only(outcome.verdicts), Accepted)
    assert announced == 1
    (sent,) = gmail.sent
    assert (sent.message, sent.is_upload) == (octets, False)
    assert sent.recipients == (str(ONE), str(TWO))
    assert gmail.complaints == []


def test_who_is_in_no_header_gets_it_and_nobody_sees(gmail: GmailServer, opened: Opened) -> None:
    octets = message(to=(ONE,), cc=(TWO,))

    outcome, _ = send(opened(route_to(gmail)), octets, ONE, TWO, BLIND)

    assert isinstance(only(outcome.verdicts), Accepted)
    assert len(outcome.verdicts) == 3
    assert set(gmail.sent[0].recipients) == {str(ONE), str(TWO), str(BLIND)}
    assert gmail.sent[0].message == octets
    assert gmail.complaints == []


def test_a_message_that_names_nobody_goes_to_the_envelope(
    gmail: GmailServer, opened: Opened
) -> None:
    send(opened(route_to(gmail)), message(to=()), ONE, BLIND)

    assert gmail.sent[0].recipients == (str(ONE), str(BLIND))
    assert gmail.complaints == []


def test_many_blind_copies_are_folded_and_all_arrive(gmail: GmailServer, opened: Opened) -> None:
    many = tuple(Address.parse(f"empfaenger{n}@bücher.example") for n in range(60))

    send(opened(route_to(gmail)), message(), ONE, *many)

    assert gmail.sent[0].recipients == (str(ONE), *map(str, many))
    assert gmail.complaints == []


@pytest.mark.parametrize("written", ["EINS@Kunde.Example", '"eins"@kunde.example'])
def test_an_address_counts_as_named_however_it_is_written(
    gmail: GmailServer, opened: Opened, written: str
) -> None:
    octets = message().replace(str(ONE).encode(), written.encode())

    send(opened(route_to(gmail)), octets, ONE)

    assert len(gmail.sent[0].recipients) == 1
    assert gmail.complaints == []


def test_whoever_had_it_already_does_not_get_it_again(gmail: GmailServer, opened: Opened) -> None:
    outcome, announced = send(opened(route_to(gmail)), message(to=(ONE, TWO)), TWO)

    failure = only(outcome.verdicts)
    assert isinstance(failure, Failure)
    assert (failure.scope, failure.is_temporary, failure.source) == (
        Scope.MESSAGE,
        False,
        Source.LOCAL,
    )
    assert str(ONE) in failure.text
    assert announced == 0
    assert gmail.requests == []


def test_a_large_message_is_uploaded_as_it_stands(gmail: GmailServer, opened: Opened) -> None:
    octets = message(size=RAW_LIMIT * 3 // 4)

    outcome, _ = send(opened(route_to(gmail)), octets, ONE, BLIND)

    assert isinstance(only(outcome.verdicts), Accepted)
    (sent,) = gmail.sent
    assert (sent.message, sent.is_upload) == (octets, True)
    assert set(sent.recipients) == {str(ONE), str(BLIND)}
    assert gmail.complaints == []


def test_the_largest_message_in_json_fits_into_what_google_takes(
    gmail: GmailServer, opened: Opened
) -> None:
    octets = message()
    octets += b"x" * (996 - 2) + b"\r\n"
    octets += (b"x" * 996 + b"\r\n") * ((RAW_LIMIT - len(octets)) // 998)

    send(opened(route_to(gmail)), octets, ONE)

    assert gmail.requests == [f"POST {SEND}"]
    assert len(gmail.sent[0].message) > RAW_LIMIT - 1000
    assert gmail.complaints == []


def test_what_is_too_large_for_google_is_not_tried(gmail: GmailServer, opened: Opened) -> None:
    outcome, announced = send(opened(route_to(gmail)), message() + b"x" * SIZE_LIMIT, ONE)

    failure = only(outcome.verdicts)
    assert isinstance(failure, Failure)
    assert (failure.trouble, failure.is_temporary) == (Trouble.MESSAGE_TOO_LARGE, False)
    assert announced == 0


def test_many_messages_share_a_connection(gmail: GmailServer, opened: Opened) -> None:
    session = opened(route_to(gmail))

    for _ in range(3):
        send(session, message(), ONE)

    assert len(gmail.sent) == 3
    assert gmail.connections == 1
    assert session.usable


def test_a_connection_that_google_closed_meanwhile_is_opened_again(
    gmail: GmailServer, opened: Opened
) -> None:
    session = opened(route_to(gmail))
    send(session, message(), ONE)
    gmail.hang_up()

    outcome, announced = send(session, message(), ONE)

    assert isinstance(only(outcome.verdicts), Accepted)
    assert (announced, gmail.connections) == (1, 2)


def test_a_refused_token_is_renewed_once_and_the_message_goes(
    gmail: GmailServer, opened: Opened
) -> None:
    held = FixedTokens(TOKEN, FRESH, scopes=(scopes.SEND,))
    session = opened(route_to(gmail, held))
    gmail.revokes(TOKEN)
    gmail.grants(FRESH, scopes.SEND)

    outcome, announced = send(session, message(), ONE)

    assert isinstance(only(outcome.verdicts), Accepted)
    assert (announced, held.refused) == (1, [TOKEN])
    assert len(gmail.sent) == 1


def test_a_token_that_is_refused_again_stops_the_mailbox(
    gmail: GmailServer, opened: Opened
) -> None:
    held = FixedTokens(TOKEN, FRESH, scopes=(scopes.SEND,))
    session = opened(route_to(gmail, held))
    gmail.revokes(TOKEN)

    outcome, _ = send(session, message(), ONE)

    failure = only(outcome.verdicts)
    assert isinstance(failure, Failure)
    assert (failure.stage, failure.scope, failure.is_temporary) == (
        Stage.TOKEN,
        Scope.MAILBOX,
        False,
    )
    assert failure.identifier == "authError"
    assert gmail.requests == [f"POST {SEND}"] * 2


def test_a_sign_in_that_ended_is_told_as_it_is(gmail: GmailServer, opened: Opened) -> None:
    ended = Failure(
        stage=Stage.TOKEN,
        scope=Scope.MAILBOX,
        is_temporary=False,
        source=Source.SERVER,
        text="Token has been expired or revoked.",
        identifier="invalid_grant",
    )
    session = opened(route_to(gmail, FixedTokens(TOKEN, scopes=(scopes.SEND,), ends=ended)))
    gmail.revokes(TOKEN)

    outcome, _ = send(session, message(), ONE)

    assert outcome.verdicts == (ended,)


@pytest.mark.parametrize(
    ("step", "deed"),
    [
        ("SEND", Deed(end=End.BEFORE)),
        ("SEND", Deed(end=End.UNANSWERED)),
        ("SEND", Deed(waits=LATE)),
        ("SEND", Deed(thinks=LATE)),
        ("SEND", Deed(trickle=0.01)),
        ("SEND", Deed(reply=b"rubbish\r\n\r\n", takes=True, end=End.CLOSED)),
        ("SEND", Deed(reply=reply(200, b"fine"))),
        ("SEND", Deed(reply=reply(200, {"threadId": "1"}))),
        ("SEND", Deed(reply=reply(200, b" " * 2_000_000))),
        ("SEND", Deed(reply=floods(200, 100_000).reply, takes=True)),
        ("SEND", refuses(500, "backendError", "Backend Error")),
        ("SEND", refuses(502, "badGateway", "Bad Gateway")),
        ("SEND", refuses(504, "gatewayTimeout", "Gateway Timeout")),
        ("BODY", Deed(thinks=LATE)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_without_a_clear_answer_nobody_knows_whether_it_went(
    gmail: GmailServer, opened: Opened, step: str, deed: Deed
) -> None:
    session = opened(route_to(gmail), HASTY)
    gmail.told.once(step, deed)

    outcome, announced = send(session, message(), ONE, TWO)

    assert isinstance(only(outcome.verdicts), Unanswered)
    assert announced == 1


@pytest.mark.parametrize("reset", [End.BEFORE, End.RESET])
def test_a_line_that_breaks_within_a_large_message_has_sent_nothing(
    gmail: GmailServer, opened: Opened, reset: End
) -> None:
    session = opened(route_to(gmail))
    gmail.told.once("BODY", Deed(end=reset))

    outcome, announced = send(session, message(size=SIZE_LIMIT // 2), ONE)

    failure = only(outcome.verdicts)
    assert isinstance(failure, Failure)
    assert (failure.scope, failure.is_temporary, failure.source) == (
        Scope.SERVER,
        True,
        Source.NETWORK,
    )
    assert announced == 1
    assert not session.usable
    assert gmail.sent == []


def test_a_server_that_cannot_be_reached_any_more_has_got_nothing(
    gmail: GmailServer, opened: Opened
) -> None:
    session = opened(route_to(gmail))
    gmail.stop()

    outcome, announced = send(session, message(), ONE)

    failure = only(outcome.verdicts)
    assert isinstance(failure, Failure)
    assert (failure.trouble, failure.is_temporary) == (Trouble.CONNECTION_REFUSED, True)
    assert announced == 0
    assert not session.usable


def test_whoever_may_not_begin_sends_nothing(gmail: GmailServer, opened: Opened) -> None:
    def refuse() -> None:
        raise RuntimeError("the claim was lost")

    with pytest.raises(RuntimeError, match="lost"):
        opened(route_to(gmail)).send(Envelope(BEN, (ONE,)), message(), before_content=refuse)

    assert gmail.requests == []


def test_the_transcript_tells_what_was_said_without_the_token(
    gmail: GmailServer, opened: Opened
) -> None:
    session = opened(route_to(gmail))
    gmail.told.once("SEND", refuses(403, "forbidden", f"Delegation denied for Bearer {TOKEN}"))

    outcome, _ = send(session, message(), ONE)
    again, _ = send(session, message(), ONE)

    told = "\n".join(outcome.transcript)
    assert re.search(rf"C: POST {SEND} \[content, \d+ octets\]\nS: 403 .*forbidden", told)
    assert TOKEN not in f"{told} {outcome.verdicts}"
    assert len(again.transcript) == 2


def test_the_message_id_is_what_it_was(gmail: GmailServer, opened: Opened) -> None:
    send(opened(route_to(gmail)), message(), ONE)

    assert gmail.ledger.lines() == [(MESSAGE_ID, str(ONE))]


def test_the_company_application_acts_for_the_mailbox(gmail: GmailServer, opened: Opened) -> None:
    held = FixedTokens(TOKEN, scopes=(scopes.SEND,), is_app_only=True)

    outcome, _ = send(opened(route_to(gmail, held)), message(), ONE)

    assert isinstance(only(outcome.verdicts), Accepted)


def test_an_account_of_another_address_is_not_used(gmail: GmailServer) -> None:
    failure = refused(route_to(gmail, tokens(account="anna@nordwind.example"))).failure

    assert (failure.stage, failure.scope) == (Stage.IDENTITY, Scope.MAILBOX)
    assert "anna@nordwind.example" in failure.text


def test_only_this_machine_may_stand_in_for_google(gmail: GmailServer) -> None:
    failure = refused(replace(route_to(gmail), allow_local=False)).failure

    assert (failure.stage, failure.trouble) == (Stage.SETTINGS, Trouble.NOT_ALLOWED)
    assert gmail.connections == 0


def test_paths_are_those_of_the_reference() -> None:
    assert UPLOAD == "/upload/gmail/v1/users/me/messages/send"
