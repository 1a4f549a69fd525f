"""An open way out over the Gmail API, and what became of one message.

The API takes a message as JSON in base64url up to about 5 MB, which is 3.5 MB of message, and
as it stands up to 35 MB (developers.google.com/workspace/gmail/api/guides/uploads). It has one
answer for all recipients.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Callable
from http import HTTPStatus

from outtray.mail.envelope import Envelope
from outtray.transports.base import (
    Accepted,
    Failure,
    Outcome,
    Scope,
    Source,
    Stage,
    Trouble,
    Unanswered,
    Verdict,
)
from outtray.transports.gmail.api import Api, Request
from outtray.transports.gmail.failures import failure_from_answer
from outtray.transports.gmail.recipients import addressed
from outtray.transports.web import Answer, NoAnswer
from outtray.transports.web_failures import failure_from_no_answer

SEND = "/gmail/v1/users/me/messages/send"
UPLOAD = f"/upload{SEND}"

RAW_LIMIT = 3_500_000  # octets, which are 4.7 MB in base64
SIZE_LIMIT = 36_700_160  # octets: `maxSize` of messages.send in Google's discovery document

# No answer to the question whether the message went: the server broke off while it was at it, or
# one before it did not hear from it. A message can have left all the same, and Google gives no
# way to say the same thing twice.
_OPEN_QUESTION = frozenset(
    {HTTPStatus.INTERNAL_SERVER_ERROR, HTTPStatus.BAD_GATEWAY, HTTPStatus.GATEWAY_TIMEOUT}
)


class GmailSession:
    """One connection, for many messages. Satisfies Session.

    It may lie idle for a while: a connection that was closed meanwhile is opened again before
    anything is handed over.
    """

    def __init__(self, api: Api) -> None:
        self._api = api

    @property
    def usable(self) -> bool:
        return not self._api.is_broken

    def announce(
        self, envelope: Envelope, message: bytes, *, while_waiting: Callable[[], None]
    ) -> None:
        """Nothing can leave before its turn: each request waits for the answer to the last."""

    def send(
        self, envelope: Envelope, message: bytes, *, before_content: Callable[[], None]
    ) -> Outcome:
        verdict = hand_over(self._api, envelope, message, before_content=before_content)
        return Outcome((verdict,) * len(envelope.recipients), self._api.transcript())

    def close(self) -> None:
        self._api.close()


def hand_over(
    api: Api, envelope: Envelope, message: bytes, *, before_content: Callable[[], None]
) -> Verdict:
    """Hand one message over. The verdict is the same for all recipients."""
    content = addressed(message, envelope)
    if isinstance(content, Failure):
        return content
    if len(content) > SIZE_LIMIT:
        return _too_large(len(content))
    not_ready = api.ready()
    if not_ready:
        return not_ready
    before_content()
    return _meaning(api.ask(_request(content), seconds=api.patience.answer))


def _request(content: bytes) -> Request:
    told = f"[content, {len(content)} octets]"
    if len(content) > RAW_LIMIT:
        query = {"uploadType": "media"}
        return Request("POST", UPLOAD, query, content, "message/rfc822", told)
    body = b'{"raw":"' + urlsafe_b64encode(content) + b'"}'
    return Request("POST", SEND, {}, body, "application/json", told)


def _meaning(answer: Answer | NoAnswer | Failure) -> Verdict:
    if isinstance(answer, Failure):
        return answer
    if isinstance(answer, NoAnswer):
        if answer.was_sent:
            return Unanswered(answer.text)
        return failure_from_no_answer(answer, stage=Stage.CONTENT)
    if answer.is_good:
        number = _number(answer)
        if number:
            return Accepted(f"Gmail has sent it as {number}")
        return Unanswered(f"Gmail answered {answer.status} and did not say that it was sent")
    failure = failure_from_answer(answer, stage=Stage.SEND)
    if answer.status in _OPEN_QUESTION:
        return Unanswered(f"Gmail answered {answer.status}: {failure.text}")
    return failure


def _number(answer: Answer) -> str:
    """By what Gmail knows the message that it has sent. It is no Message-ID."""
    told = answer.json()
    number = told.get("id") if isinstance(told, dict) else None
    return number[:64] if isinstance(number, str) else ""


def _too_large(size: int) -> Failure:
    return Failure(
        stage=Stage.SIZE,
        scope=Scope.MESSAGE,
        is_temporary=False,
        source=Source.LOCAL,
        text=f"the message has {size:,} octets, and Gmail takes {SIZE_LIMIT:,} at most",
        trouble=Trouble.MESSAGE_TOO_LARGE,
    )
