"""The login: one try with one method, over TLS or within this machine only."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable
from dataclasses import replace

from outtray.lib.sealing import Secret
from outtray.mail.reply import Reply
from outtray.transports.base import Failure, Resource, Stage, Tokens, Trouble
from outtray.transports.smtp.failures import failure_from, own_failure
from outtray.transports.smtp.line import Line
from outtray.transports.smtp.transcript import HIDDEN, Redaction

METHODS = ("PLAIN", "LOGIN")

_WORD = re.compile(r"[a-z]+(?:_[a-z]+)*")


def log_in(line: Line, username: str, secret: Secret, *, seconds: float) -> str | Failure:
    """Log in. Answers the method.

    A refused password is never tried a second time by another method: some servers lock
    the account after a few. Only a method that the server turns out not to know (504,
    RFC 4954 §4) is followed by the next.
    """
    methods = [method for method in METHODS if method in _offered(line)]
    if not methods:
        return _no_method(line, "password")
    line.redaction = Redaction(secret.value, username=username)
    reply = Reply(0, "")
    for method in methods:
        reply = _ask(line, method, username, secret.value, seconds)
        if reply.code == 235:
            return method
        if reply.code != 504:
            break
    return failure_from(reply, stage=Stage.LOGIN, host=line.host)


def log_in_with_token(line: Line, account: str, tokens: Tokens, *, seconds: float) -> str | Failure:
    """Log in by OAuth. Answers the method.

    A token that is refused is renewed once: it may have been revoked, or be of an older
    consent. That is no guess of a password, and locks no account.
    """
    method = next((method for method in BEARER_METHODS if method in _offered(line)), None)
    if method is None:
        return _no_method(line, "token")
    token = tokens.access_token(Resource.SMTP)
    if isinstance(token, Failure):
        return token
    failure = _ask_with_token(line, method, account, token.value, seconds)
    if failure is None:
        return method
    if failure.code != 535 or not line.is_open:
        return failure
    fresh = tokens.access_token(Resource.SMTP, refused=token.value)
    if isinstance(fresh, Failure):
        return fresh
    older = token.value.value
    return _ask_with_token(line, method, account, fresh.value, seconds, older) or method


def xoauth2(account: str, token: Secret) -> str:
    """developers.google.com/workspace/gmail/imap/xoauth2-protocol, which Microsoft has taken
    over."""
    return f"user={account}\1auth=Bearer {token.value}\1\1"


def oauthbearer(account: str, token: Secret) -> str:
    """RFC 7628 §3.1, with the account as authorization identity (RFC 5801 §4)."""
    name = account.replace("=", "=3D").replace(",", "=2C")
    return f"n,a={name},\1auth=Bearer {token.value}\1\1"


# What each says first, and what it says to a refusal so that the server ends it: nothing, or
# the one sign of RFC 7628 §3.2.3. The older one comes first: it is what is offered and tried.
BEARER_METHODS: dict[str, tuple[Callable[[str, Secret], str], str]] = {
    "XOAUTH2": (xoauth2, ""),
    "OAUTHBEARER": (oauthbearer, "\1"),
}


def _offered(line: Line) -> list[str]:
    return line.esmtp_features.get("auth", "").upper().split()


def _no_method(line: Line, secret: str) -> Failure:
    offered = _offered(line)
    if not offered:
        return own_failure(
            Trouble.LOGIN_NOT_OFFERED, "the server offers no login here", stage=Stage.LOGIN
        )
    return own_failure(
        Trouble.LOGIN_METHOD_MISSING,
        f"the server takes no {secret} ({' '.join(offered)})",
        stage=Stage.LOGIN,
    )


def _ask(line: Line, method: str, username: str, password: str, seconds: float) -> Reply:
    if method == "PLAIN":
        response = _encoded(f"\0{username}\0{password}")  # RFC 4616 §2
        return line.ask(f"AUTH PLAIN {response}", seconds=seconds, shown=f"AUTH PLAIN {HIDDEN}")
    reply = line.ask("AUTH LOGIN", seconds=seconds)
    if reply.code == 334:
        reply = line.ask(_encoded(username), seconds=seconds, shown="[user name]")
    if reply.code == 334:
        reply = line.ask(_encoded(password), seconds=seconds, shown=HIDDEN)
    return reply


def _ask_with_token(
    line: Line, method: str, account: str, token: Secret, seconds: float, *older: str
) -> Failure | None:
    """One try. Why it was refused is told in a challenge, before the refusal itself."""
    said, last_word = BEARER_METHODS[method]
    response = _encoded(said(account, token))
    line.redaction = Redaction(token.value, also=(response, *older))
    reply = line.ask(f"AUTH {method} {response}", seconds=seconds, shown=f"AUTH {method} {HIDDEN}")
    why = ""
    if reply.code == 334:
        why = _challenge(reply.text)
        line.transcript.note(f"the server says why: {line.redaction.clean(why)}")
        reply = line.ask(_encoded(last_word), seconds=seconds)
    if reply.code == 235:
        return None
    failure = failure_from(reply, stage=Stage.LOGIN, host=line.host)
    return replace(failure, identifier=_status(why))


def _challenge(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode(errors="replace")[:500]
    except binascii.Error:
        return ""


def _status(why: str) -> str:
    """The word for it, where it is one (RFC 7628 §3.2.2) and not an HTTP status."""
    try:
        told = json.loads(why)
    except (ValueError, RecursionError):
        return ""
    status = str(told.get("status", "")) if isinstance(told, dict) else ""
    return status if _WORD.fullmatch(status) else ""


def _encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
