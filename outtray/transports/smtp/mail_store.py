"""The mailbox's own folders, opened over IMAP for one deed, with one login at most."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from typing import TypeVar

from outtray.lib.errors import Refused
from outtray.lib.sealing import Secret
from outtray.transports import egress
from outtray.transports.base import Failure, Resource, Route, Source, Stage, Trouble
from outtray.transports.smtp import settings as smtp_settings
from outtray.transports.smtp.failures import failure_from_no_way, own_failure
from outtray.transports.smtp.imap import ImapBroken, ImapLine, LoginRefused
from outtray.transports.smtp.patience import Patience
from outtray.transports.smtp.settings import Imap, Security
from outtray.transports.smtp.transcript import Redaction
from outtray.transports.tls import begin_tls, context_for, meaning_of

T = TypeVar("T")

_MAX_WORDS = 300


def in_mailbox(route: Route, patience: Patience, do: Callable[[ImapLine], T]) -> T | Failure:
    """Log in, do it and leave, all within `patience.search`; or what kept us from it."""
    try:
        imap = smtp_settings.read(route.settings).imap
    except Refused as refused:
        return local_failure(refused.detail)
    if imap is None:
        return local_failure("no IMAP server is set up for this mailbox")
    secret = _secret(route)
    if isinstance(secret, Failure):
        return secret
    line = _opened(route, imap, patience)
    if isinstance(line, Failure):
        return line
    redaction = Redaction(secret.value, username=_username(route))
    try:
        _log_in(line, route, secret)
        return do(line)
    except LoginRefused as refused:
        words = redaction.clean(str(refused))[:_MAX_WORDS]
        return _login_refused(f"{imap.host} refused the login: {words}")
    except (ImapBroken, ImapLine.error, OSError, ValueError) as problem:
        words = redaction.clean(str(problem))[:_MAX_WORDS]
        return _broken_off(problem, imap, words)
    finally:
        line.leave()


def local_failure(text: str) -> Failure:
    """What lies with us or with the settings."""
    return own_failure(Trouble.SETTINGS, text, stage=Stage.SETTINGS, source=Source.LOCAL)


def _secret(route: Route) -> Secret | Failure:
    """What opens the folder: the mailbox's password, or a token."""
    if route.tokens:
        token = route.tokens.access_token(Resource.SMTP)
        return token if isinstance(token, Failure) else token.value
    if not route.secret.value:
        return local_failure("without a password the Sent folder cannot be opened")
    return route.secret


def _log_in(line: ImapLine, route: Route, secret: Secret) -> None:
    if route.tokens:
        line.log_in_with_token(_username(route), secret)
    else:
        line.log_in(_username(route), secret)


def _opened(route: Route, imap: Imap, patience: Patience) -> ImapLine | Failure:
    """Connected and secured, before any login."""
    rules = egress.Rules(route.allow_local, route.allow_networks, egress.IMAP_PORTS)
    endpoints = egress.resolve(imap.host, imap.port, rules=rules)
    if isinstance(endpoints, egress.NoWay):
        return failure_from_no_way(endpoints, stage=Stage.DNS)
    sock = egress.connect(endpoints, seconds=patience.connect)
    if isinstance(sock, egress.NoWay):
        return failure_from_no_way(sock, stage=Stage.CONNECT)
    try:
        context = context_for(route.ca_file)
        if imap.security is Security.TLS:
            sock.settimeout(patience.handshake)
            sock = begin_tls(sock, context, imap.host)
        line = ImapLine(sock, seconds=patience.search)
        if imap.security is not Security.TLS:
            line.start_tls(context, imap.host)
    except ssl.SSLError as problem:
        sock.close()
        return own_failure(*meaning_of(problem, imap.host), stage=Stage.TLS)
    except (ImapBroken, ImapLine.error, OSError, ValueError) as problem:
        sock.close()
        return _broken_off(problem, imap, str(problem)[:_MAX_WORDS])
    return line


def _username(route: Route) -> str:
    return str(route.settings.get("username") or route.sender)


def _login_refused(text: str) -> Failure:
    return own_failure(Trouble.SETTINGS, text, stage=Stage.LOGIN, source=Source.SERVER)


def _broken_off(problem: Exception, imap: Imap, words: str) -> Failure:
    """The line gave out: it may do better another time."""
    late = isinstance(problem, TimeoutError)
    return own_failure(
        Trouble.TIMED_OUT if late else Trouble.CONNECTION_CLOSED,
        f"{imap.host} did not answer in time" if late else f"{imap.host}: {words}",
        stage=Stage.CONTENT,
    )
