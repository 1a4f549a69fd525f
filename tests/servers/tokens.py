"""Tokens that a test decides about, in place of those that somebody's sign-in yields."""

from __future__ import annotations

from datetime import UTC, datetime

from outtray.lib.sealing import Secret
from outtray.transports.base import Failure, Resource, Token

FOR_EVER = datetime(2099, 1, 1, tzinfo=UTC)


class FixedTokens:
    """The first of these, and the next one whenever that is refused. The last one stays, unless
    `ends` says why there is no more."""

    def __init__(
        self,
        *values: str,
        scopes: tuple[str, ...],
        account: str = "ben@nordwind.example",
        is_app_only: bool = False,
        ends: Failure | None = None,
    ) -> None:
        self.is_app_only = is_app_only
        self.asked: list[Resource] = []
        self.refused: list[str] = []
        self._values = list(values)
        self._scopes = frozenset(scopes)
        self._account = "" if is_app_only else account
        self._ends = ends

    def access_token(self, resource: Resource, *, refused: Secret | None = None) -> Token | Failure:
        self.asked.append(resource)
        if refused:
            self.refused.append(refused.value)
            if len(self._values) > 1:
                del self._values[0]
            elif self._ends:
                self._values.clear()
        if not self._values:
            assert self._ends
            return self._ends
        return Token(Secret(self._values[0]), self._scopes, self._account, FOR_EVER)
