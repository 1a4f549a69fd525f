"""Validate: token, permissions, identity, mailbox, and a test mail; each with what it found."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus

from outtray.lib.errors import Refused
from outtray.mail.address import Address, AddressError
from outtray.mail.envelope import Envelope
from outtray.transports.base import (
    Accepted,
    Failure,
    Finding,
    Route,
    Scope,
    Source,
    Stage,
    Token,
    Trouble,
    Unanswered,
)
from outtray.transports.graph import settings as graph_settings
from outtray.transports.graph.client import Client
from outtray.transports.graph.failures import failure_from
from outtray.transports.graph.patience import Patience
from outtray.transports.graph.scopes import READ, SEND, WRITE, May, may
from outtray.transports.graph.ways import hand_over
from outtray.transports.web import Answer
from outtray.transports.web_failures import own_failure

STAGES = (
    Stage.SETTINGS,
    Stage.TOKEN,
    Stage.SCOPES,
    Stage.IDENTITY,
    Stage.MAILBOX,
    Stage.SEND,
)


@dataclass(frozen=True, slots=True)
class Passed:
    """A stage that passed, and what it found."""

    detail: str
    facts: Mapping[str, str] = field(default_factory=dict)


def probe(
    route: Route, envelope: Envelope, message: bytes, *, patience: Patience
) -> Iterator[Finding]:
    """Walk through all stages and hand over one test message; ends at the first failure."""
    started = time.monotonic()
    try:
        settings = graph_settings.read(route.settings)
    except Refused as refused:
        failure = own_failure(Trouble.SETTINGS, refused.detail, stage=Stage.SETTINGS)
        yield _finding(Stage.SETTINGS, started, failure)
        return
    facts = {"cloud": settings.cloud, "endpoint": settings.url}
    yield _finding(Stage.SETTINGS, started, Passed("the settings are complete", facts))
    client = Client(route, settings, patience)
    try:
        yield from _walk(_Walk(client, envelope, message))
    finally:
        client.close()


@dataclass(slots=True)
class _Walk:
    """What the stages have to do with. `token` is there after the first."""

    client: Client
    envelope: Envelope
    message: bytes
    token: Token | None = None

    @property
    def granted(self) -> Token:
        assert self.token
        return self.token


Step = Callable[[_Walk], Passed | Failure]


def _walk(walk: _Walk) -> Iterator[Finding]:
    for stage, step in _STEPS:
        started = time.monotonic()
        finding = _finding(stage, started, step(walk))
        yield finding
        if not finding.ok:
            return


def _finding(stage: Stage, started: float, taken: Passed | Failure) -> Finding:
    milliseconds = round((time.monotonic() - started) * 1000)
    if isinstance(taken, Failure):
        return Finding(stage, milliseconds, taken.text, failure=taken)
    return Finding(stage, milliseconds, taken.detail, facts=taken.facts)


def _token(walk: _Walk) -> Passed | Failure:
    token = walk.client.token()
    if isinstance(token, Failure):
        return token
    walk.token = token
    account = token.account or "the application itself"
    facts = {"account": token.account, "until": token.expires_at.isoformat(timespec="minutes")}
    return Passed(f"signed in as {account}", facts)


def _scopes(walk: _Walk) -> Passed | Failure:
    """Mail.Send is needed; the rest is advice."""
    token = walk.granted
    if may(token, SEND) is May.NO:
        return Failure(
            stage=Stage.SCOPES,
            scope=Scope.MAILBOX,
            is_temporary=False,
            source=Source.LOCAL,
            text="the permission Mail.Send was not granted",
            identifier="insufficient_scope",
        )
    if may(token, SEND) is May.UNKNOWN:
        return Passed("which permissions were granted is only seen when they are used")
    advice = _advice(walk.client, token)
    facts = {"scopes": " ".join(sorted(token.scopes))[:500], "advice": " ".join(advice)}
    return Passed("Mail.Send is granted", {name: told for name, told in facts.items() if told})


def _advice(client: Client, token: Token) -> list[str]:
    advice = []
    if may(token, WRITE) is May.NO:
        advice.append(
            "With the permission Mail.ReadWrite emails of more than 3 MB can be sent, and blind "
            "copies keep their Message-ID."
        )
    if may(token, READ) is May.NO:
        advice.append(
            "With Mail.ReadWrite or Mail.Read we can look whether an email has left, when the "
            "line breaks at the last moment."
        )
    shared = frozenset({"mail.send.shared"})
    if client.settings.send_as and may(token, shared) is May.NO:
        advice.append("To send from a shared mailbox Microsoft wants Mail.Send.Shared.")
    return advice


def _identity(walk: _Walk) -> Passed | Failure:
    """The account has to be the mailbox's address, unless `send_as` names that address."""
    client, address = walk.client, walk.client.route.sender
    send_as, account = client.settings.send_as, walk.granted.account
    if send_as and send_as.key != address.key:
        return _another(f"Send as is {send_as}, but the mailbox's address is {address}")
    if send_as:
        return Passed(
            f"{account or 'the application'} sends as {send_as}", {"send_as": str(send_as)}
        )
    assert client.route.tokens
    if client.route.tokens.is_app_only:
        return Passed(f"the application acts for {address}")
    if _is(account, address):
        return Passed(f"{account} is the mailbox's address")
    known = _addresses_of(client)
    if isinstance(known, Failure):
        return known
    if _is(known.get("mail", ""), address):
        return Passed(f"{account or 'the account'} has the address {address}", known)
    if not account:
        return Passed("which account signed in is not told")
    failure = _another(f"signed in as {account}, but the mailbox's address is {address}")
    return replace(failure, text=failure.text + _what_else(known, address))


def _what_else(known: Mapping[str, str], address: Address) -> str:
    if address.key in known.get("aliases", "").casefold().split():
        return ", an alias of it: enter it as Send as"
    return ""


def _addresses_of(client: Client) -> Mapping[str, str] | Failure:
    """What Microsoft says of the account, if it may tell: that needs User.Read."""
    reply = client.look("/me", query="$select=mail,userPrincipalName,proxyAddresses")
    told = reply.json() if isinstance(reply, Answer) else None
    if isinstance(reply, Answer) and reply.status == HTTPStatus.FORBIDDEN:
        return {}
    if not isinstance(reply, Answer) or not reply.is_good or not isinstance(told, dict):
        return failure_from(reply, stage=Stage.IDENTITY)
    proxies = told.get("proxyAddresses")
    texts = [str(each) for each in proxies] if isinstance(proxies, list) else []
    aliases = [text[5:] for text in texts if text.lower().startswith("smtp:")]
    return {"mail": str(told.get("mail") or ""), "aliases": " ".join(aliases)[:500]}


def _is(text: str, address: Address) -> bool:
    try:
        return Address.parse(text).key == address.key
    except AddressError:
        return False


def _another(text: str) -> Failure:
    return own_failure(Trouble.SETTINGS, text, stage=Stage.IDENTITY)


def _mailbox(walk: _Walk) -> Passed | Failure:
    """Whether there is a mailbox that Graph can use; to see it takes a permission to read."""
    client = walk.client
    if may(walk.granted, READ) is May.NO:
        failure = client.connect()
        return failure or Passed("Microsoft answers; the mailbox shows itself with the test mail")
    reply = client.look(f"{client.mailbox}/mailFolders/sentitems", query="$select=id")
    is_unknown = may(walk.granted, READ) is May.UNKNOWN
    if isinstance(reply, Answer) and reply.status == HTTPStatus.FORBIDDEN and is_unknown:
        return Passed("the application may not read the mailbox, which sending does not need")
    if not isinstance(reply, Answer) or reply.status != HTTPStatus.OK:
        return failure_from(reply, stage=Stage.MAILBOX)
    return Passed("the mailbox can be used", {"mailbox": client.mailbox})


def _send(walk: _Walk) -> Passed | Failure:
    verdict = hand_over(walk.client, walk.envelope, walk.message, before_content=lambda: None)
    if isinstance(verdict, Unanswered):
        return own_failure(Trouble.TIMED_OUT, verdict.text, stage=Stage.SEND, source=Source.NETWORK)
    if isinstance(verdict, Accepted):
        return Passed(f"took the test mail: {verdict.reply}")
    return verdict


_STEPS: tuple[tuple[Stage, Step], ...] = (
    (Stage.TOKEN, _token),
    (Stage.SCOPES, _scopes),
    (Stage.IDENTITY, _identity),
    (Stage.MAILBOX, _mailbox),
    (Stage.SEND, _send),
)
