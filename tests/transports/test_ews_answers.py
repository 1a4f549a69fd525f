"""What the answers of an Exchange server come to: lost, unclear, senseless, or a reasoned no."""

from __future__ import annotations

import pytest

from outtray.mail.envelope import Envelope
from outtray.transports.base import Failure, Scope, Source, Unanswered
from tests.servers.authority import Authority
from tests.servers.ews import EwsServer
from tests.servers.ews_deeds import (
    AnswersAndCloses,
    Behaviour,
    Busy,
    Drops,
    Fault,
    Garbles,
    Loses,
    Page,
    Says,
    Stalls,
)
from tests.transports.exchange import verdict_of

ANSWERED = """<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"
 xmlns:m="http://schemas.microsoft.com/exchange/services/2006/messages"
 xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types"><s:Body>
<m:GetItemResponse><m:ResponseMessages><m:GetItemResponseMessage ResponseClass="Success">
<m:ResponseCode>NoError</m:ResponseCode>{}</m:GetItemResponseMessage></m:ResponseMessages>
</m:GetItemResponse></s:Body></s:Envelope>"""


@pytest.mark.parametrize(
    "lost", [Loses(), Drops(), Stalls(), Garbles(), Garbles("<html>"), Page(502)]
)
def test_an_answer_that_is_lost_at_the_end_is_never_taken_for_a_no(
    ews_server: EwsServer, authority: Authority, envelope: Envelope, lost: Behaviour
) -> None:
    ews_server.at("SendItem", lost)
    if lost == Page(502):
        ews_server.always("GetItem", Says("ErrorItemNotFound"))
        ews_server.at("GetItem", AnswersAndCloses())

    verdict, announced = verdict_of(ews_server, authority, envelope, hasty=lost == Stalls())

    assert isinstance(verdict, Unanswered)
    assert announced == 1


@pytest.mark.parametrize(
    "unclear",
    [Page(502), Page(504), Says("ErrorInternalServerError"), Fault("ErrorTimeoutExpired")],
)
def test_an_unclear_no_is_a_no_where_the_draft_still_waits(
    ews_server: EwsServer, authority: Authority, envelope: Envelope, unclear: Behaviour
) -> None:
    ews_server.at("SendItem", unclear)

    verdict, announced = verdict_of(ews_server, authority, envelope)

    assert isinstance(verdict, Failure)
    assert verdict.is_temporary
    assert announced == 1
    assert (ews_server.mailbox.sent, ews_server.mailbox.items) == ([], {})


@pytest.mark.parametrize("operation", ["FindItem", "CreateItem", "GetItem"])
@pytest.mark.parametrize(
    "body",
    [
        "",
        "<",
        "<!DOCTYPE a [<!ENTITY b 'c'><!ENTITY d '&b;&b;'>]><a>&d;</a>",
        "<a>" * 2000,
        "x" * 5_000_000,
        ANSWERED.format(""),
        ANSWERED.format("<m:Items><t:Message><t:ItemId Id='' ChangeKey=''/></t:Message></m:Items>"),
        ANSWERED.format("<m:RootFolder TotalItemsInView='x'><t:Items/></m:RootFolder>"),
    ],
    ids=["empty", "cut", "entities", "deep", "long", "without", "without id", "no number"],
)
def test_an_answer_that_makes_no_sense_is_a_passing_fault(
    ews_server: EwsServer, authority: Authority, envelope: Envelope, operation: str, body: str
) -> None:
    ews_server.methods = ("Basic",)
    ews_server.at(operation, Garbles(body.replace("GetItem", operation)))

    verdict, announced = verdict_of(ews_server, authority, envelope)

    assert isinstance(verdict, Failure)
    assert verdict.is_temporary
    assert (announced, ews_server.mailbox.sent) == (0, [])


@pytest.mark.parametrize("lost", [Loses(), Drops(), Stalls(), Page(503), Busy()])
@pytest.mark.parametrize("operation", ["FindItem", "CreateItem", "GetItem"])
def test_before_that_whatever_happens_may_be_tried_again(
    ews_server: EwsServer,
    authority: Authority,
    envelope: Envelope,
    operation: str,
    lost: Behaviour,
) -> None:
    ews_server.at(operation, lost)

    verdict, announced = verdict_of(ews_server, authority, envelope, hasty=lost == Stalls())

    assert isinstance(verdict, Failure)
    assert (verdict.is_temporary, verdict.scope) == (True, Scope.SERVER)
    assert (announced, ews_server.mailbox.sent) == (0, [])


@pytest.mark.parametrize(
    ("no", "scope", "is_temporary"),
    [
        (Says("ErrorSendAsDenied"), Scope.SENDER, False),
        (Says("ErrorMessageSizeExceeded"), Scope.MESSAGE, False),
        (Says("ErrorQuotaExceeded"), Scope.MAILBOX, True),
        (Says("ErrorInvalidRecipients"), Scope.MESSAGE, False),
        (Says("ErrorAccessDenied"), Scope.MAILBOX, False),
        (Says("ErrorMailboxMoveInProgress"), Scope.SERVER, True),
        (Fault("ErrorImpersonateUserDenied"), Scope.MAILBOX, False),
        (Fault("ErrorExceededConnectionCount"), Scope.SERVER, True),
        (Says("ErrorSubmissionQuotaExceeded"), Scope.MAILBOX, True),
        (Says("ErrorItemNotFound"), Scope.SERVER, True),
    ],
)
@pytest.mark.parametrize("operation", ["CreateItem", "SendItem"])
def test_a_no_says_why_and_whom_it_concerns(
    ews_server: EwsServer,
    authority: Authority,
    envelope: Envelope,
    operation: str,
    no: Says | Fault,
    scope: Scope,
    is_temporary: bool,
) -> None:
    ews_server.at(operation, no)

    verdict, _ = verdict_of(ews_server, authority, envelope)

    assert isinstance(verdict, Failure)
    assert verdict.identifier == no.code
    assert (verdict.scope, verdict.is_temporary) == (scope, is_temporary)
    assert verdict.source is Source.SERVER
    assert (ews_server.mailbox.sent, ews_server.mailbox.items) == ([], {})


@pytest.mark.parametrize(("milliseconds", "wait"), [(297_749, 297.749), (0, 0)])
def test_a_busy_server_is_left_alone_for_as_long_as_it_asks(
    ews_server: EwsServer, authority: Authority, envelope: Envelope, milliseconds: int, wait: float
) -> None:
    ews_server.at("SendItem", Busy(milliseconds))

    verdict, _ = verdict_of(ews_server, authority, envelope)

    assert isinstance(verdict, Failure)
    assert (verdict.identifier, verdict.wait) == ("ErrorServerBusy", wait)
    assert ews_server.operations.count("SendItem") == 1
