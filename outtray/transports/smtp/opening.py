"""The steps from settings to an open, logged-in line. Sending and Validate take the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from outtray.lib.errors import Refused
from outtray.transports import egress
from outtray.transports.base import Failure, Resource, Route, Source, Stage, Token, Trouble
from outtray.transports.oauth.identity import mismatch
from outtray.transports.smtp import settings as smtp_settings
from outtray.transports.smtp.failures import (
    failure_from,
    failure_from_broken,
    failure_from_no_way,
    own_failure,
)
from outtray.transports.smtp.line import Line, LineBroken
from outtray.transports.smtp.login import log_in, log_in_with_token
from outtray.transports.smtp.patience import Patience
from outtray.transports.smtp.providers import provider_of
from outtray.transports.smtp.scopes import scopes_lacking
from outtray.transports.smtp.settings import Security, Settings
from outtray.transports.smtp.tls import secure


@dataclass(frozen=True, slots=True)
class Passed:
    """A step went well."""

    detail: str
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Opening:
    """How far the way to a session has come."""

    route: Route
    patience: Patience
    settings: Settings
    endpoints: tuple[egress.Endpoint, ...] = ()
    _line: Line | None = None

    @property
    def line(self) -> Line:
        """The line, from the step CONNECT on."""
        assert self._line is not None, "this step needs a connection"
        return self._line

    @line.setter
    def line(self, line: Line) -> None:
        self._line = line

    @property
    def transcript(self) -> tuple[str, ...]:
        return self._line.transcript.lines() if self._line else ()

    def leave(self) -> None:
        """Say goodbye if the line is open, and close."""
        if self._line:
            self._line.leave(seconds=self.patience.goodbye)


Step = Callable[[Opening], Passed | Failure]
Steps = tuple[tuple[Stage, Step], ...]


def begin(route: Route, patience: Patience) -> Opening | Failure:
    """Read the route's settings (the stage SETTINGS)."""
    try:
        settings = smtp_settings.read(route.settings)
    except Refused as refused:
        return own_failure(
            Trouble.SETTINGS, refused.detail, stage=Stage.SETTINGS, source=Source.LOCAL
        )
    return Opening(route, patience, settings)


def steps(opening: Opening) -> Steps:
    """The steps after SETTINGS, in the order in which this route takes them."""
    signs_in = _SIGN_IN if opening.route.tokens else ()
    return (*signs_in, _LOOK_UP, _CONNECT, *_SECURED[opening.settings.security], _LOGIN)


def take(opening: Opening, stage: Stage, step: Step) -> Passed | Failure:
    """Take one step. A line that breaks in it is a failure of its stage."""
    try:
        return step(opening)
    except LineBroken as broken:
        return failure_from_broken(broken, stage=stage, host=opening.settings.host)


def _find_token(opening: Opening) -> Passed | Failure:
    token = _token(opening)
    if isinstance(token, Failure):
        return token
    return Passed(f"there is a token, good until {token.expires_at:%H:%M} UTC")


def _see_scopes(opening: Opening) -> Passed | Failure:
    token = _token(opening)
    if isinstance(token, Failure):
        return token
    return scopes_lacking(token) or Passed("it allows to send over SMTP")


def _see_identity(opening: Opening) -> Passed | Failure:
    """Whoever signed in must be who logs in; an alias of his is sent from by his user name."""
    token = _token(opening)
    if isinstance(token, Failure):
        return token
    told = f"{token.account} has signed in" if token.account else "the application acts by itself"
    return mismatch(token.account, _account(opening)) or Passed(told)


def _token(opening: Opening) -> Token | Failure:
    assert opening.route.tokens is not None, "this step needs tokens"
    return opening.route.tokens.access_token(Resource.SMTP)


def _account(opening: Opening) -> str:
    return opening.settings.username or str(opening.route.sender)


def _look_up(opening: Opening) -> Passed | Failure:
    wanted, route = opening.settings, opening.route
    rules = egress.Rules(route.allow_local, route.allow_networks)
    found = _resolved(opening, rules)
    if isinstance(found, egress.NoWay):
        return failure_from_no_way(found, stage=Stage.DNS)
    if wanted.security is Security.NONE and not all(endpoint.is_local for endpoint in found):
        return own_failure(
            Trouble.NOT_ALLOWED,
            f"{wanted.host} is another machine, so encryption is required",
            stage=Stage.DNS,
            source=Source.LOCAL,
        )
    opening.endpoints = found
    addresses = ", ".join(str(endpoint.ip) for endpoint in found)
    return Passed(f"{wanted.host} is {addresses}", {"addresses": addresses})


def _resolved(opening: Opening, rules: egress.Rules) -> tuple[egress.Endpoint, ...] | egress.NoWay:
    wanted, seconds = opening.settings, opening.patience.look_up
    if seconds is None:
        return egress.resolve(wanted.host, wanted.port, rules=rules)
    return egress.resolve_within(wanted.host, wanted.port, rules=rules, seconds=seconds)


def _connect(opening: Opening) -> Passed | Failure:
    found = egress.race(opening.endpoints, seconds=opening.patience.connect)
    if isinstance(found, egress.NoWay):
        return failure_from_no_way(found, stage=Stage.CONNECT)
    opening.line = Line(found.sock)
    opening.line.host = opening.settings.host
    peer = ":".join(str(part) for part in found.sock.getpeername()[:2])
    opening.line.transcript.note(f"connected to {opening.settings.host} ({peer})")
    detail = f"connected to port {opening.settings.port}"
    facts = {"peer": peer}
    if found.missed:
        detail += f"; {found.missed[0].text}"
        facts["missed"] = found.missed[0].text
    return Passed(detail, facts)


def _greet(opening: Opening) -> Passed | Failure:
    reply = opening.line.reply(seconds=opening.patience.greeting)
    if reply.code != 220:
        return failure_from(reply, stage=Stage.GREETING, host=opening.line.host)
    return Passed(_first_line(reply.text) or "the server is ready", {"greeting": reply.text})


def _introduce(opening: Opening) -> Passed | Failure:
    line = opening.line
    line.seconds = opening.patience.command
    code, _ = line.ehlo()
    if code != 250:
        return failure_from(line.last_reply, stage=Stage.EHLO, host=line.host)
    asked_for = opening.settings.host
    calls_itself = _first_line(line.last_reply.text).partition(" ")[0]
    line.host = asked_for if provider_of(asked_for) else calls_itself
    offered = " ".join(sorted(name.upper() for name in line.esmtp_features))
    return Passed(f"offers {offered}" if offered else "offers nothing", {"offers": offered})


def _start_tls(opening: Opening) -> Passed | Failure:
    """RFC 3207: required, never opportunistic, and nothing said before it counts after it."""
    line = opening.line
    if not line.has_extn("starttls"):
        return own_failure(
            Trouble.STARTTLS_NOT_OFFERED, "the server does not offer STARTTLS", stage=Stage.TLS
        )
    reply = line.ask("STARTTLS", seconds=opening.patience.command)
    if reply.code != 220:
        return failure_from(reply, stage=Stage.TLS, host=line.host)
    if line.unread:
        broken = line.broken(
            Trouble.STARTTLS_TAMPERED, "something was said in clear text after STARTTLS"
        )
        return failure_from_broken(broken, stage=Stage.TLS)
    secured = _secure(opening)
    if isinstance(secured, Failure):
        return secured
    introduced = _introduce(opening)
    return introduced if isinstance(introduced, Failure) else secured


def _secure(opening: Opening) -> Passed | Failure:
    host = opening.settings.host
    done = secure(
        opening.line,
        host=host,
        ca_file=opening.route.ca_file,
        seconds=opening.patience.handshake,
    )
    return done if isinstance(done, Failure) else Passed(done.detail, done.facts)


def _log_in(opening: Opening) -> Passed | Failure:
    username = opening.settings.username
    tokens = opening.route.tokens
    if tokens:
        account = _account(opening)
        done = log_in_with_token(opening.line, account, tokens, seconds=opening.patience.login)
        return done if isinstance(done, Failure) else Passed(f"logged in as {account}")
    if not username:
        return Passed("no login is set up")
    done = log_in(opening.line, username, opening.route.secret, seconds=opening.patience.login)
    return done if isinstance(done, Failure) else Passed(f"logged in as {username}")


def _first_line(text: str) -> str:
    return text.partition("\n")[0][:200]


# A consent that has ended needs no server to say so.
_SIGN_IN: Steps = (
    (Stage.TOKEN, _find_token),
    (Stage.SCOPES, _see_scopes),
    (Stage.IDENTITY, _see_identity),
)
_LOOK_UP = (Stage.DNS, _look_up)
_CONNECT = (Stage.CONNECT, _connect)
_GREETING = (Stage.GREETING, _greet)
_EHLO = (Stage.EHLO, _introduce)
_LOGIN = (Stage.LOGIN, _log_in)
_SECURED: Mapping[Security, Steps] = {
    Security.STARTTLS: (_GREETING, _EHLO, (Stage.TLS, _start_tls)),
    Security.TLS: ((Stage.TLS, _secure), _GREETING, _EHLO),
    Security.NONE: (_GREETING, _EHLO),
}
