"""What became of a message, by the answer to the one request that sends it."""

from __future__ import annotations

from http import HTTPStatus

from outtray.transports.base import Accepted, Stage, Unanswered, Verdict
from outtray.transports.graph.client import Reply
from outtray.transports.graph.failures import failure_from, is_vague
from outtray.transports.web import Answer, NoAnswer


def verdict_on(reply: Reply) -> Verdict:
    """Only 202 is a yes (learn.microsoft.com/graph/api/user-sendmail).

    Messages that were too large have been answered with 200 and not sent, and behind a gateway
    that gave up one may well have been sent: there the mailbox has to tell.
    """
    if isinstance(reply, NoAnswer) and reply.was_sent:
        return Unanswered(reply.text)
    if not isinstance(reply, Answer):
        return failure_from(reply, stage=Stage.SEND)
    if reply.status == HTTPStatus.ACCEPTED:
        return Accepted(_told(reply))
    if is_vague(reply):
        return Unanswered(f"the server answered {reply.status} where only 202 is a yes")
    return failure_from(reply, stage=Stage.SEND)


def _told(answer: Answer) -> str:
    request_id = answer.headers.get("request-id", "")
    return f"202 Accepted (request-id {request_id[:100]})" if request_id else "202 Accepted"
