"""What Google's refusals mean: whom they concern, whether they pass, and how long to wait."""

from __future__ import annotations

import pytest

from outtray.transports.base import Failure, Scope, Source, Stage
from outtray.transports.gmail.failures import failure_from_answer
from outtray.transports.gmail.session import RAW_LIMIT
from outtray.transports.web import Answer
from tests.servers.gmail import GmailServer, refusal, refuses
from tests.servers.http_wire import reply
from tests.servers.ledger_deeds import Deed, End
from tests.transports.gmail_cases import ONE, Opened, gmail, message, opened, route_to, send

__all__ = ["gmail", "opened"]

WAITS = (Scope.SERVER, True)
RESTS = (Scope.MAILBOX, True)
SETTINGS = (Scope.MAILBOX, False)
MESSAGE = (Scope.MESSAGE, False)

REFUSALS = [
    (403, "rateLimitExceeded", "Rate Limit Exceeded", WAITS),
    (403, "userRateLimitExceeded", "User Rate Limit Exceeded", WAITS),
    (429, "rateLimitExceeded", "Resource has been exhausted (e.g. check quota).", WAITS),
    (429, "rateLimitExceeded", "User-rate limit exceeded (Mail sending)", RESTS),
    (429, "rateLimitExceeded", "Too many concurrent requests for user", WAITS),
    (403, "dailyLimitExceeded", "Daily Limit Exceeded", RESTS),
    (403, "quotaExceeded", "Quota exceeded", RESTS),
    (503, "backendError", "The service is currently unavailable.", WAITS),
    (403, "insufficientPermissions", "Insufficient Permission", SETTINGS),
    (403, "accessNotConfigured", "Gmail API has not been used in project 1 before", SETTINGS),
    (403, "domainPolicy", "The domain administrators have disabled Gmail apps.", SETTINGS),
    (403, "forbidden", "Delegation denied for ben@nordwind.example", SETTINGS),
    (400, "failedPrecondition", "Mail service not enabled", SETTINGS),
    (400, "failedPrecondition", "Precondition check failed.", SETTINGS),
    (400, "invalidArgument", "Invalid To header", MESSAGE),
    (400, "badRequest", "The attachment is invalid.", MESSAGE),
    (413, "uploadTooLarge", "Request Entity Too Large", MESSAGE),
]


@pytest.mark.parametrize(("status", "reason", "told", "meaning"), REFUSALS)
def test_a_refusal_concerns_whom_it_means(
    gmail: GmailServer,
    opened: Opened,
    status: int,
    reason: str,
    told: str,
    meaning: tuple[Scope, bool],
) -> None:
    gmail.told.once("SEND", refuses(status, reason, told))

    outcome, _ = send(opened(route_to(gmail)), message(), ONE)

    (failure,) = outcome.verdicts
    assert isinstance(failure, Failure)
    assert (failure.scope, failure.is_temporary) == meaning
    assert (failure.code, failure.identifier, failure.text) == (status, reason, told)
    assert (failure.source, failure.stage) == (Source.SERVER, Stage.SEND)
    assert gmail.sent == []


@pytest.mark.parametrize(
    ("headers", "told", "seconds"),
    [
        ({"Retry-After": "17"}, "Not now", 17),
        ({"Retry-After": "999999"}, "Not now", 86_400),
        ({"Retry-After": "Mon, 23 Nov 2026 09:02:00 GMT"}, "Not now", 120),
        ({}, "User-rate limit exceeded.  Retry after 2026-11-23T09:15:00.247Z", 900.247),
        ({}, "User-rate limit exceeded.  Retry after 2026-11-23T08:59:00.000Z", 0),
        ({"Date": "at some time"}, "Retry after 2026-11-23T09:15:00.247Z", 0),
        ({"Retry-After": "soon"}, "Retry after 2026-99-99T99:15:00Z", 0),
        ({}, "Not now", 0),
    ],
)
def test_google_says_how_long_to_wait(headers: dict[str, str], told: str, seconds: float) -> None:
    named = {"date": "Mon, 23 Nov 2026 09:00:00 GMT"} | {k.lower(): v for k, v in headers.items()}
    body = refusal(429, "rateLimitExceeded", told).partition(b"\r\n\r\n")[2]

    failure = failure_from_answer(Answer(429, named, body), stage=Stage.SEND)

    assert failure.wait == pytest.approx(seconds)


def test_an_account_that_is_throttled_for_long_rests_as_a_whole(
    gmail: GmailServer, opened: Opened
) -> None:
    gmail.told.once("SEND", refuses(429, "rateLimitExceeded", Retry_After="900"))

    outcome, _ = send(opened(route_to(gmail)), message(), ONE)

    (failure,) = outcome.verdicts
    assert isinstance(failure, Failure)
    assert (failure.scope, failure.is_temporary, failure.wait) == (Scope.MAILBOX, True, 900)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>502</html>",
        b"[]",
        b'{"error": "invalid_request"}',
        b'{"error": {}}',
        b'{"error": {"errors": [7, {}], "details": 3, "message": null}}',
    ],
)
def test_an_error_in_no_form_that_is_known_is_judged_by_its_status(body: bytes) -> None:
    failure = failure_from_answer(Answer(429, {}, body), stage=Stage.SEND)

    assert (failure.scope, failure.is_temporary, failure.identifier) == (*WAITS, "")
    assert failure.text == "429 Too Many Requests"


def test_the_newer_form_of_an_error_tells_its_reason_too() -> None:
    error = {
        "error": {
            "code": 403,
            "message": "Request had insufficient authentication scopes.",
            "status": "PERMISSION_DENIED",
            "details": [{"reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT", "domain": "googleapis.com"}],
        }
    }
    body = reply(403, error).partition(b"\r\n\r\n")[2]

    failure = failure_from_answer(Answer(403, {}, body), stage=Stage.SEND)

    assert failure.identifier == "ACCESS_TOKEN_SCOPE_INSUFFICIENT"
    assert (failure.scope, failure.is_temporary) == SETTINGS


@pytest.mark.parametrize("size", [100_000, RAW_LIMIT])
def test_what_google_finds_too_large_fails_for_good(
    gmail: GmailServer, opened: Opened, size: int
) -> None:
    gmail.raw_limit = gmail.upload_limit = size

    outcome, _ = send(opened(route_to(gmail)), message(size=size), ONE)

    (failure,) = outcome.verdicts
    assert isinstance(failure, Failure)
    assert (failure.scope, failure.is_temporary) == MESSAGE
    assert (failure.code, failure.identifier) == (413, "uploadTooLarge")
    assert gmail.sent == []


def test_a_redirect_is_not_followed_and_nothing_was_sent(
    gmail: GmailServer, opened: Opened
) -> None:
    gmail.told.once("SEND", Deed(reply=reply(302, b"", {"Location": "http://127.0.0.1:1/"})))

    outcome, _ = send(opened(route_to(gmail)), message(), ONE)

    (failure,) = outcome.verdicts
    assert isinstance(failure, Failure)
    assert failure.code == 302


def test_a_refusal_before_the_whole_message_was_read_counts(
    gmail: GmailServer, opened: Opened
) -> None:
    session = opened(route_to(gmail))
    gmail.told.once("HEAD", Deed(reply=refuses(413, "uploadTooLarge").reply, end=End.CLOSED))

    outcome, _ = send(session, message(), ONE)

    (failure,) = outcome.verdicts
    assert isinstance(failure, Failure)
    assert (failure.scope, failure.is_temporary) == MESSAGE
