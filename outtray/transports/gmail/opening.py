"""The way to a session: the settings, a token, what it may do, and whose it is.

Sending and Validate walk the same steps, so what was validated is what is used later. None of
them asks Gmail: what a token may do and who signed in came along with it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from outtray.lib.errors import Refused
from outtray.mail.address import Address, AddressError
from outtray.transports.base import Failure, Route, Scope, Source, Stage, Token, Trouble
from outtray.transports.gmail import scopes
from outtray.transports.gmail import settings as gmail_settings
from outtray.transports.gmail.api import Api
from outtray.transports.gmail.patience import Patience
from outtray.transports.gmail.settings import ENDPOINT, Settings
from outtray.transports.web_failures import own_failure

_SAME_HOUSE = frozenset({"gmail.com", "googlemail.com"})


@dataclass(frozen=True, slots=True)
class Passed:
    """A step went well."""

    detail: str
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Opening:
    """How far the way has come."""

    route: Route
    settings: Settings
    api: Api
    _token: Token | None = None

    @property
    def token(self) -> Token:
        """The token, from the step TOKEN on."""
        assert self._token is not None, "this step needs a token"
        return self._token

    @token.setter
    def token(self, token: Token) -> None:
        self._token = token


Step = Callable[[Opening], Passed | Failure]


def begin(route: Route, patience: Patience) -> Opening | Failure:
    """Read the route's settings (the stage SETTINGS)."""
    try:
        settings = gmail_settings.read(route.settings)
    except Refused as refused:
        return own_failure(Trouble.SETTINGS, refused.detail, stage=Stage.SETTINGS)
    if settings.endpoint != ENDPOINT and not route.allow_local:
        return own_failure(
            Trouble.NOT_ALLOWED,
            "another server than Google's may not be asked",
            stage=Stage.SETTINGS,
        )
    return Opening(route, settings, Api(route, endpoint=settings.endpoint, patience=patience))


def walk(opening: Opening) -> Failure | None:
    """Take all steps, and connect. What stopped it, if something did."""
    for _, step in STEPS:
        taken = step(opening)
        if isinstance(taken, Failure):
            return taken
    return opening.api.connect()


def same_account(one: str, other: str) -> bool:
    """Whether two addresses name the same Google account.

    At gmail.com dots do not count, and googlemail.com is the same house
    (support.google.com/mail/answer/7436150).
    """
    return _account(one) == _account(other)


def _account(text: str) -> str:
    try:
        address = Address.parse(text)
    except AddressError:
        return text.casefold()
    if address.domain not in _SAME_HOUSE:
        return address.key
    return f"{address.local.replace('.', '').casefold()}@gmail.com"


def _get_token(opening: Opening) -> Passed | Failure:
    token = opening.api.token()
    if isinstance(token, Failure):
        return token
    opening.token = token
    return Passed("Google gives a token")


def _look_at_scopes(opening: Opening) -> Passed | Failure:
    """A person can untick what was asked for, and is then signed in all the same."""
    granted = opening.token.scopes
    if not granted:
        return Passed("Google does not say what was granted")
    if scopes.may(granted, scopes.SENDING):
        return Passed("may send mail", {"scopes": " ".join(sorted(granted))})
    return Failure(
        stage=Stage.SCOPES,
        scope=Scope.MAILBOX,
        is_temporary=False,
        source=Source.LOCAL,
        text=f"sending mail was not granted ({scopes.SEND})",
        identifier="insufficientPermissions",
    )


def _look_at_identity(opening: Opening) -> Passed | Failure:
    """Gmail puts the account's own address in place of a From that it does not know."""
    account, sender = opening.token.account, opening.route.sender
    send_as = opening.settings.send_as
    if send_as and send_as.key != sender.key:
        return _another(f"Send as is {send_as}, but the mailbox's address is {sender}")
    if not account:
        return Passed(f"the company's application acts for {sender}")
    if same_account(account, str(sender)):
        return Passed(f"signed in as {account}", {"account": account})
    if send_as:
        told = f"signed in as {account}, which sends as {sender}"
        return Passed(told, {"account": account})
    return _another(f"signed in as {account}, but this mailbox is {sender}")


def _another(text: str) -> Failure:
    return own_failure(Trouble.SETTINGS, text, stage=Stage.IDENTITY)


STEPS: tuple[tuple[Stage, Step], ...] = (
    (Stage.TOKEN, _get_token),
    (Stage.SCOPES, _look_at_scopes),
    (Stage.IDENTITY, _look_at_identity),
)
