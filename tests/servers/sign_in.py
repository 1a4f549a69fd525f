"""A sign-in service that renews whatever it is asked to: a new token each time, good at once."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable
from itertools import count
from urllib.parse import parse_qs

from tests.servers.http_wire import HttpConversation, reply
from tests.servers.ledger_deeds import Told
from tests.servers.listening import Listening
from tests.servers.script import HangUp

SECONDS = 3600


class SignInService(Listening):
    """Listens on a free port from the constructor on, until `stop`.

    `grant` makes a token good for scopes; where a request names none, it is for `scopes`.
    """

    def __init__(self, grant: Callable[..., None], *, scopes: tuple[str, ...]) -> None:
        self._grant = grant
        self._scopes = scopes
        self._numbers = count(1)
        super().__init__(self._serve)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def _serve(self, sock: socket.socket) -> None:
        conversation = HttpConversation(sock, Told, self.stopping)
        with contextlib.suppress(HangUp, OSError):
            while True:
                asked = parse_qs(conversation.request().body.decode())
                assert asked["grant_type"] == ["refresh_token"], asked
                conversation.answer("TOKEN", reply(200, self._renewed(asked)))
        sock.close()

    def _renewed(self, asked: dict[str, list[str]]) -> dict[str, object]:
        scopes = tuple(asked["scope"][0].split()) if "scope" in asked else self._scopes
        number = next(self._numbers)
        token = f"renewed-{number}"
        self._grant(token, *(scope.rpartition("graph.microsoft.com/")[2] for scope in scopes))
        return {
            "access_token": token,
            "refresh_token": f"refresh-{number}",
            "expires_in": SECONDS,
            "scope": " ".join(scopes),
            "token_type": "Bearer",
        }
