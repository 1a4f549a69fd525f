"""A second look at a server on which Validate failed: short, and always without the password.

It tells the wrong port from the wrong encryption, and shows whose certificate a server has.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeVar

from cryptography import x509

from outtray.transports import egress
from outtray.transports.base import Failure, Stage, Trouble
from outtray.transports.smtp.failures import own_failure
from outtray.transports.smtp.line import Line, LineBroken
from outtray.transports.smtp.opening import Opening
from outtray.transports.smtp.settings import Security

Facts = Mapping[str, str]
T = TypeVar("T")

_NOTHING: Facts = {}


def look_while_silent(opening: Opening) -> Failure | None:
    """What a server that does not greet may be: one that expects TLS, or no mail server.

    Servers that let everybody wait for their greeting are told apart by doing neither.
    """
    if not opening.line.is_silent(opening.patience.quiet):
        return None
    port = opening.settings.port
    if opening.settings.security is not Security.TLS and _speaks_tls(opening):
        text = f"port {port} does not greet in clear text, it expects TLS from the start"
        return own_failure(Trouble.SPEAKS_TLS_AT_ONCE, text, stage=Stage.GREETING)
    if _speaks_http(opening, over=opening.settings.security):
        text = f"port {port} answers like a web server, not like a mail server"
        return own_failure(Trouble.NOT_A_MAIL_SERVER, text, stage=Stage.GREETING)
    return None


def hints_for(failure: Failure, opening: Opening) -> tuple[Failure, Facts]:
    """The failure, told more exactly where a second look can, and the facts that it showed."""
    if failure.trouble is Trouble.SPEAKS_CLEAR_TEXT:
        return _greeted_in_clear_text(failure, opening)
    if failure.trouble in _OF_CERTIFICATES:
        facts = _certificate_facts(opening)
        names = facts.get("certificate_names")
        return replace(failure, text=f"{failure.text} (it is made out to {names})"), facts
    return failure, {}


_OF_CERTIFICATES = frozenset(
    {
        Trouble.CERTIFICATE_EXPIRED,
        Trouble.CERTIFICATE_OTHER_NAME,
        Trouble.CERTIFICATE_UNTRUSTED,
    }
)


def _speaks_tls(opening: Opening) -> bool:
    return _second_look(
        opening, lambda line: bool(_secure_unverified(line, opening)), otherwise=False
    )


def _speaks_http(opening: Opening, *, over: Security) -> bool:
    def ask(line: Line) -> bool:
        if over is Security.TLS:
            _secure_unverified(line, opening)
        line.say(["GET / HTTP/1.0", ""], seconds=opening.patience.quiet)
        return not line.is_silent(opening.patience.quiet) and line.unread.startswith(b"HTTP/")

    return _second_look(opening, ask, otherwise=False)


def _greeted_in_clear_text(failure: Failure, opening: Opening) -> tuple[Failure, Facts]:
    def ask(line: Line) -> Facts:
        return {"greeting": str(line.reply(seconds=opening.patience.quiet))}

    facts = _second_look(opening, ask, otherwise=_NOTHING)
    if not facts and _speaks_http(opening, over=Security.NONE):
        return replace(failure, trouble=Trouble.NOT_A_MAIL_SERVER), {}
    return failure, facts


def _certificate_facts(opening: Opening) -> Facts:
    def ask(line: Line) -> Facts:
        seconds = line.seconds = opening.patience.handshake
        if opening.settings.security is Security.STARTTLS:
            line.reply(seconds=seconds)
            line.ehlo()
            line.ask("STARTTLS", seconds=seconds)
        presented = _secure_unverified(line, opening).getpeercert(binary_form=True)
        return _told(x509.load_der_x509_certificate(presented)) if presented else {}

    return _second_look(opening, ask, otherwise=_NOTHING)


def _told(certificate: x509.Certificate) -> Facts:
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
        found = [str(name.value) for name in names.value]
    except x509.ExtensionNotFound:
        found = [certificate.subject.rfc4514_string()]
    return {
        "certificate_names": ", ".join(found[:10])[:500],
        "certificate_issuer": certificate.issuer.rfc4514_string()[:200],
        "certificate_from": certificate.not_valid_before_utc.date().isoformat(),
        "certificate_until": certificate.not_valid_after_utc.date().isoformat(),
    }


def _second_look(opening: Opening, ask: Callable[[Line], T], *, otherwise: T) -> T:
    """Ask on a connection of its own; whatever breaks there is no answer."""
    try:
        line = _second_line(opening)
    except LineBroken:
        return otherwise
    try:
        return ask(line)
    except (LineBroken, OSError, ValueError):
        return otherwise
    finally:
        line.drop()


def _second_line(opening: Opening) -> Line:
    found = egress.connect(opening.endpoints, seconds=opening.patience.connect)
    if isinstance(found, egress.NoWay):
        raise LineBroken(found.trouble, found.text)
    return Line(found)


def _secure_unverified(line: Line, opening: Opening) -> ssl.SSLSocket:
    """TLS with whoever answers: nothing secret is ever said on such a line."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return line.secure(context, opening.settings.host, seconds=opening.patience.quiet)
