"""Requests to one mailbox in Graph: one connection, and a token that is good.

A token that the server refuses is renewed once; a request refused with 401 has not been
carried out, so it may be made again.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from urllib.parse import quote, urlsplit

from outtray.lib.sealing import Secret
from outtray.transports.base import Failure, Resource, Route, Stage, Token, Trouble
from outtray.transports.graph.failures import error_in
from outtray.transports.graph.patience import Patience
from outtray.transports.graph.settings import SentBy, Settings
from outtray.transports.web import Answer, Connection, NoAnswer, Web
from outtray.transports.web_failures import failure_from_no_answer, own_failure

# Whoever sends on a line that has been idle may meet the server just closing it, and then not
# know what became of the request. Servers close after a minute or more; a new line is cheap.
_IDLE = 10.0  # seconds
_MAX_SAID = 300
HIDDEN = b"[secret]"

Reply = Answer | NoAnswer | Failure


@dataclass(frozen=True, slots=True)
class _Request:
    method: str
    path: str
    content: bytes | None = field(repr=False)
    content_type: str
    seconds: float

    @property
    def headers(self) -> dict[str, str]:
        """All but the token. Ids are immutable: they stay when a message changes its folder."""
        kind = {} if self.content is None else {"Content-Type": self.content_type}
        return {"Accept": "application/json", "Prefer": 'IdType="ImmutableId"', **kind}

    def __str__(self) -> str:
        size = f" ({self.content_type}, {len(self.content)} octets)" if self.content else ""
        return f"{self.method} {self.path}{size}"


class Client:
    """Graph, as one mailbox may use it. To be closed after use.

    `is_broken` after a request without an answer.
    """

    def __init__(self, route: Route, settings: Settings, patience: Patience) -> None:
        self.route = route
        self.settings = settings
        self.patience = patience
        self.is_broken = False
        self._web = Web.of(route)
        self._connection: Connection | None = None
        self._asked_at = 0.0
        self._token: Token | None = None
        self._ends_at = time.monotonic() + patience.all if patience.all else None
        self._lines: list[str] = []

    @property
    def mailbox(self) -> str:
        """The path of the mailbox that sends, and in which the copy lies."""
        assert self.route.tokens
        if self.settings.sent_by is SentBy.SHARED and self.settings.send_as:
            return _user(str(self.settings.send_as))
        return _user(str(self.route.sender)) if self.route.tokens.is_app_only else "/me"

    def token(self, *, refused: Secret | None = None) -> Token | Failure:
        """A token that is good as far as is known."""
        tokens = self.route.tokens
        if tokens is None:
            text = "nobody has signed in at Microsoft"
            return own_failure(Trouble.SETTINGS, text, stage=Stage.TOKEN)
        token = tokens.access_token(Resource.GRAPH, refused=refused)
        if isinstance(token, Token):
            self._token = token
        return token

    def connect(self) -> Failure | None:
        """See to an open connection. Nothing can be regretted so far."""
        opened = self._connected()
        if isinstance(opened, Connection):
            return None
        return opened if isinstance(opened, Failure) else failure_from_no_answer(opened)

    def look(self, path: str, *, query: str = "") -> Reply:
        """Ask for something that changes nothing."""
        return self.ask("GET", f"{path}?{query}" if query else path, seconds=self.patience.look)

    def ask(
        self,
        method: str,
        path: str,
        *,
        content: bytes | None = None,
        content_type: str = "application/json",
        seconds: float | None = None,
    ) -> Reply:
        """Make a request; `path` begins after the version. A Failure is none of this request's:
        it never left, or was refused for want of a token."""
        token = self._token or self.token()
        if isinstance(token, Failure):
            return token
        within = (seconds or self.patience.look) + self.patience.to_leave(content)
        request = _Request(method, path, content, content_type, within)
        answer = self._asked(request, token)
        if not isinstance(answer, Answer) or answer.status != HTTPStatus.UNAUTHORIZED:
            return answer
        renewed = self.token(refused=token.value)
        if isinstance(renewed, Failure):
            return renewed
        return self._asked(request, renewed)

    def put(self, url: str, *, headers: Mapping[str, str], content: bytes) -> Reply:
        """Upload to an address that Graph named. It carries a secret of its own, so it is neither
        told to anybody, nor is our token told there."""
        if not self._may_reach(url):
            text = "the address for uploads that the server named is not https"
            return own_failure(Trouble.NOT_ALLOWED, text, stage=Stage.CONTENT)
        seconds = self._left(self.patience.look + self.patience.to_leave(content))
        self._lines.append(f"C: PUT (upload) {headers.get('Content-Range', '')}")
        answer = self._web.ask("PUT", url, headers=headers, content=content, seconds=seconds)
        self._note(answer)
        return answer

    def transcript(self) -> tuple[str, ...]:
        """What was said since the last time, to be shown to people."""
        lines, self._lines = tuple(self._lines), []
        return lines

    def close(self) -> None:
        """Never raises."""
        if self._connection:
            self._connection.close()
        self._connection = None

    def _asked(self, request: _Request, token: Token) -> Reply:
        connection = self._connected()
        if not isinstance(connection, Connection):
            return connection
        self._lines.append(f"C: {request}"[:_MAX_SAID])
        answer = connection.ask(
            request.method,
            f"{self.settings.url}{request.path}",
            headers=request.headers | {"Authorization": f"Bearer {token.value.value}"},
            content=request.content,
            seconds=self._left(request.seconds),
        )
        self._asked_at = time.monotonic()
        answer = _without(answer, token)
        self._note(answer)
        return answer

    def _connected(self) -> Connection | NoAnswer | Failure:
        url = self.settings.url
        if not self._may_reach(url):
            return own_failure(Trouble.NOT_ALLOWED, f"{url} may not be used", stage=Stage.SETTINGS)
        idle = time.monotonic() - self._asked_at
        if self._connection and idle < _IDLE and self._connection.usable:
            return self._connection
        self.close()
        opened = self._web.connect(url, seconds=self._left(self.patience.connect))
        if isinstance(opened, NoAnswer):
            self._note(opened)
            return opened
        self._connection = opened
        self._asked_at = time.monotonic()
        return opened

    def _may_reach(self, url: str) -> bool:
        """Encrypted only, and no stand-in but where an installation admits its own machine."""
        if self.route.allow_local:
            return True
        return urlsplit(url).scheme == "https" and not self.settings.endpoint

    def _left(self, seconds: float) -> float:
        if self._ends_at is None:
            return seconds
        return max(min(seconds, self._ends_at - time.monotonic()), 0.1)

    def _note(self, answer: Answer | NoAnswer) -> None:
        if isinstance(answer, NoAnswer):
            self.is_broken = True
            self._lines.append(f"-- {answer.text}")
            return
        error = error_in(answer)
        said = [
            str(answer.status),
            f"{error.name}: {error.message}" if error.name else "",
            f"request-id {answer.headers['request-id']}" if "request-id" in answer.headers else "",
        ]
        self._lines.append(f"S: {' '.join(filter(None, said))}"[:_MAX_SAID])


def named(reply: Reply, name: str) -> str:
    """A text of an answer in JSON, or an empty one."""
    told = reply.json() if isinstance(reply, Answer) else None
    value = told.get(name) if isinstance(told, dict) else None
    return value if isinstance(value, str) else ""


def _without(answer: Answer | NoAnswer, token: Token) -> Answer | NoAnswer:
    """The answer, in which nobody repeats our token."""
    secret = token.value.value.encode()
    if isinstance(answer, NoAnswer) or secret not in answer.body:
        return answer
    return replace(answer, body=answer.body.replace(secret, HIDDEN))


def _user(address: str) -> str:
    return f"/users/{quote(address, safe='@')}"
