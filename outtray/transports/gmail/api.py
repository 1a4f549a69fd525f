"""Requests to the Gmail API for one mailbox: one connection, and a token that is good.

A token that the server refuses is renewed once; a refused request has not been carried out
(401), so it may be made again.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from urllib.parse import urlencode

from outtray.lib.sealing import Secret
from outtray.transports.base import Failure, Resource, Route, Stage, Token, Trouble
from outtray.transports.gmail.patience import Patience
from outtray.transports.web import Answer, Connection, NoAnswer, Web
from outtray.transports.web_failures import failure_from_no_answer, own_failure

# Whoever asks on a line that has been idle may meet the server just closing it, and not know what
# became of the request. Google closes after some minutes; a new line costs three round trips.
_IDLE = 10.0  # seconds
_MAX_SAID = 300
HIDDEN = b"[secret]"  # in place of a token, should an answer repeat it


@dataclass(frozen=True, slots=True)
class Request:
    """One request. `told` is how the transcript names what it carries."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    content: bytes | None = field(default=None, repr=False)
    content_type: str = ""
    told: str = ""

    @property
    def target(self) -> str:
        return f"{self.path}?{urlencode(self.query)}" if self.query else self.path


def get(path: str, **query: str) -> Request:
    """A look at something of the mailbox of whoever signed in."""
    return Request("GET", f"/gmail/v1/users/me/{path}", query)


class Api:
    """The API, as one mailbox may use it. To be closed after use."""

    def __init__(self, route: Route, *, endpoint: str, patience: Patience) -> None:
        self.patience = patience
        self.is_broken = False
        self._route = route
        self._endpoint = endpoint
        self._connection: Connection | None = None
        self._token: Token | None = None
        self._asked_at = 0.0
        self._lines: list[str] = []

    def token(self, *, refused: Secret | None = None) -> Token | Failure:
        """A token that is good as far as is known."""
        tokens = self._route.tokens
        if tokens is None:
            return own_failure(
                Trouble.SETTINGS, "nobody has signed in at Google", stage=Stage.TOKEN
            )
        token = tokens.access_token(Resource.GMAIL, refused=refused)
        if isinstance(token, Token):
            self._token = token
        return token

    def connect(self) -> Failure | None:
        """See to an open connection. Nothing can be regretted so far."""
        idle = time.monotonic() - self._asked_at
        if self._connection and idle < _IDLE and self._connection.usable:
            return None
        self._disconnect()
        opened = Web.of(self._route).connect(self._endpoint, seconds=self.patience.connect)
        if isinstance(opened, NoAnswer):
            self.is_broken = True
            return failure_from_no_answer(opened)
        self._connection = opened
        self._asked_at = time.monotonic()
        return None

    def ready(self) -> Failure | None:
        """See to a token and a connection, so that only the request itself is left to do."""
        token = self.token()
        return token if isinstance(token, Failure) else self.connect()

    def ask(self, request: Request, *, seconds: float) -> Answer | NoAnswer | Failure:
        """Make the request. A Failure is none of this request's: it never left."""
        not_ready = self.ready()
        if not_ready:
            return not_ready
        answer = self._asked(request, seconds)
        if not isinstance(answer, Answer) or answer.status != HTTPStatus.UNAUTHORIZED:
            return answer
        assert self._token
        renewed = self.token(refused=self._token.value)
        if isinstance(renewed, Failure):
            return renewed
        return self.connect() or self._asked(request, seconds)

    def transcript(self) -> tuple[str, ...]:
        """What was said since the last time, to be shown to people."""
        lines, self._lines = tuple(self._lines), []
        return lines

    def close(self) -> None:
        """Never raises."""
        self._disconnect()

    def _disconnect(self) -> None:
        if self._connection:
            self._connection.close()
        self._connection = None

    def _asked(self, request: Request, seconds: float) -> Answer | NoAnswer:
        assert self._connection
        assert self._token
        self._lines.append(f"C: {request.method} {request.target} {request.told}".rstrip())
        headers = {"Authorization": f"Bearer {self._token.value.value}"}
        if request.content_type:
            headers["Content-Type"] = request.content_type
        answer = self._connection.ask(
            request.method,
            f"{self._endpoint}{request.target}",
            headers=headers,
            content=request.content,
            seconds=seconds,
        )
        self._asked_at = time.monotonic()
        if isinstance(answer, NoAnswer):
            self.is_broken = True
            self._lines.append(f"-- {answer.text}")
            return answer
        body = answer.body.replace(self._token.value.value.encode(), HIDDEN)
        answer = replace(answer, body=body)
        self._lines.append(f"S: {answer.status} {_in_one_line(answer)}".rstrip())
        return answer


def _in_one_line(answer: Answer) -> str:
    told = answer.json()
    text = answer.text if told is None else json.dumps(told, ensure_ascii=False)
    return "".join(sign if sign.isprintable() else " " for sign in text[:_MAX_SAID])
