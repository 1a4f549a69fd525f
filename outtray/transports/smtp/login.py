"""The login: one try with one method, over TLS or within this machine only."""

from __future__ import annotations

import base64

from outtray.lib.sealing import Secret
from outtray.mail.reply import Reply
from outtray.transports.base import Failure, Stage, Trouble
from outtray.transports.smtp.failures import failure_from, own_failure
from outtray.transports.smtp.line import Line
from outtray.transports.smtp.transcript import HIDDEN, Redaction

METHODS = ("PLAIN", "LOGIN")


def log_in(line: Line, username: str, secret: Secret, *, seconds: float) -> str | Failure:
    """Log in. Answers the method.

    A refused password is never tried a second time by another method: some servers lock
    the account after a few. Only a method that the server turns out not to know (504,
    RFC 4954 §4) is followed by the next.
    """
    methods = [method for method in METHODS if method in _offered(line)]
    if not methods:
        return _no_method(line)
    line.redaction = Redaction(secret.value, username=username)
    reply = Reply(0, "")
    for method in methods:
        reply = _ask(line, method, username, secret.value, seconds)
        if reply.code == 235:
            return method
        if reply.code != 504:
            break
    return failure_from(reply, stage=Stage.LOGIN, host=line.host)


def _offered(line: Line) -> list[str]:
    return line.esmtp_features.get("auth", "").upper().split()


def _no_method(line: Line) -> Failure:
    offered = _offered(line)
    if not offered:
        return own_failure(
            Trouble.LOGIN_NOT_OFFERED, "the server offers no login here", stage=Stage.LOGIN
        )
    return own_failure(
        Trouble.LOGIN_METHOD_MISSING,
        f"the server takes no password ({' '.join(offered)})",
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


def _encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
