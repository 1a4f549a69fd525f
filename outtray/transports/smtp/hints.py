"""A second look at a server on which Validate failed: short, and always without the password.

It tells the wrong port from the wrong encryption, shows whose certificate a server has, and
tries what would do instead. What it learns are the facts of a Finding:

* `use_host`, `use_port`, `use_security`: settings that were tried and answered, belonging
  together; those that are as they are set are left out.
* `protocol_there`: what speaks on this port instead (`strangers.py`); `greeting` what it said;
  `answers_here` whose server it is.
* `certificate_...`: names, subject, issuer, first and last day of the certificate shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from cryptography import x509

from outtray.transports import egress
from outtray.transports.base import Failure, Stage, Trouble
from outtray.transports.smtp.doors import (
    USUAL,
    Door,
    Seen,
    addresses_of,
    knock,
    unverified,
)
from outtray.transports.smtp.failures import failure_from, own_failure
from outtray.transports.smtp.line import Line, LineBroken
from outtray.transports.smtp.opening import Opening
from outtray.transports.smtp.settings import Security
from outtray.transports.smtp.strangers import SPOKEN, protocol_of

Facts = Mapping[str, str]
Hint = Callable[[Failure, Opening], tuple[Failure, Facts]]

# How `Line` tells what it could not read as a reply.
_SAID = re.compile(r"^.*an answer of a mail server: ['\"]")
_OF_TLS = re.compile(r"TLS|SSL|encrypt", re.IGNORECASE)
_CERTIFICATE = (
    Trouble.CERTIFICATE_EXPIRED,
    Trouble.CERTIFICATE_OTHER_NAME,
    Trouble.CERTIFICATE_UNTRUSTED,
)
_NOBODY_THERE = (Trouble.CONNECTION_REFUSED, Trouble.TIMED_OUT, Trouble.UNREACHABLE)
_HUNG_UP = (
    Trouble.TIMED_OUT,
    Trouble.CONNECTION_CLOSED,
    Trouble.TLS_FAILED,
    Trouble.TLS_INTERRUPTED,
)


def look_while_silent(opening: Opening) -> Failure | None:
    """What a server that does not greet may be: one that expects TLS, or no mail server.

    Servers that let everybody wait for their greeting are told apart by doing neither.
    """
    wanted = opening.settings
    doors = [_here(opening, Security.TLS)]
    if wanted.security is not Security.TLS:
        doors.append(_here(opening, Security.NONE))
    seen = _knock(doors, opening)
    protocol = next((each.protocol for each in seen if each.protocol), "")
    if protocol:
        return _stranger(protocol, opening, stage=Stage.GREETING)
    if wanted.security is Security.TLS or not any(each.speaks_tls for each in seen):
        return None
    text = f"port {wanted.port} does not greet in clear text, it expects TLS from the start"
    return own_failure(Trouble.SPEAKS_TLS_AT_ONCE, text, stage=Stage.GREETING)


def hints_for(failure: Failure, opening: Opening) -> tuple[Failure, Facts]:
    """The failure, told more exactly where a second look can, and the facts that it showed."""
    hint = _HINTS.get((failure.stage, failure.trouble)) or _HINTS.get(failure.trouble)
    return hint(failure, opening) if hint else (failure, {})


def _stranger(protocol: str, opening: Opening, *, stage: Stage) -> Failure:
    text = f"port {opening.settings.port} belongs to {SPOKEN[protocol]}, not to a mail server"
    return own_failure(Trouble.NOT_A_MAIL_SERVER, text, stage=stage)


def _tls_at_once(failure: Failure, opening: Opening) -> tuple[Failure, Facts]:
    return failure, _use(opening, _here(opening, Security.TLS))


def _clear_text(failure: Failure, opening: Opening) -> tuple[Failure, Facts]:
    """It greets in clear text. By STARTTLS on this port, by another port, or who is it?"""
    here = _here(opening, Security.STARTTLS)
    seen = _knock([here, *_others(opening)], opening)
    own = next((each for each in seen if each.door == here), None)
    if own is None:
        return failure, _other_door(seen, opening)
    facts = {"greeting": own.greeting}
    if own.protocol:
        told = _stranger(own.protocol, opening, stage=failure.stage)
        rest = [each for each in seen if each.door != here]
        return told, {**facts, "protocol_there": own.protocol, **_other_door(rest, opening)}
    if own.is_mail_server:
        return failure, {**facts, **_use(opening, here)}
    return failure, {**facts, **(_other_door(seen, opening) or _in_clear(opening))}


def _other_protocol(failure: Failure, opening: Opening) -> tuple[Failure, Facts]:
    """Something else than a mail server has answered: what is it, and where is one?"""
    found = _other_door(_knock(_others(opening), opening), opening)
    said = _SAID.sub("", failure.text)
    protocol = protocol_of(said)
    if not protocol:
        return failure, found
    told = _stranger(protocol, opening, stage=failure.stage)
    return told, {"greeting": said.rstrip("'"), "protocol_there": protocol, **found}


def _elsewhere(failure: Failure, opening: Opening) -> tuple[Failure, Facts]:
    """Nobody here; but perhaps by another port."""
    return failure, _other_door(_knock(_others(opening), opening), opening)


def _no_encryption(failure: Failure, opening: Opening) -> tuple[Failure, Facts]:
    _, found = _elsewhere(failure, opening)
    return failure, found or _in_clear(opening)


def _hung_up(failure: Failure, opening: Opening) -> tuple[Failure, Facts]:
    """Silence or a closed line: perhaps the other encryption, or another port."""
    security = opening.settings.security
    other = Security.STARTTLS if security is Security.TLS else Security.TLS
    seen = _knock([_here(opening, other), *_others(opening)], opening)
    return failure, _other_door(seen, opening)


def _no_login(failure: Failure, opening: Opening) -> tuple[Failure, Facts]:
    """Servers offer a login only after encryption, or on the ports meant for it."""
    here = _here(opening, Security.STARTTLS)
    if opening.settings.security is Security.NONE and opening.line.has_extn("starttls"):
        return _wants_tls(opening) or failure, _use(opening, here)
    seen = _knock(_others(opening), opening)
    return failure, _other_door([each for each in seen if each.takes_logins], opening)


def _wants_tls(opening: Opening) -> Failure | None:
    """Whether the server takes nothing at all without encryption, and not only no login
    (RFC 3207 §4)."""
    sender = opening.route.sender
    if sender.needs_smtputf8:
        return None
    try:
        reply = opening.line.ask(f"MAIL FROM:<{sender}>", seconds=opening.patience.second_look)
    except LineBroken:
        return None
    if reply.code != 530 or not _OF_TLS.search(reply.text):
        return None
    return failure_from(reply, stage=Stage.LOGIN, host=opening.line.host)


def _certificate(failure: Failure, opening: Opening) -> tuple[Failure, Facts]:
    certificate = _presented(opening)
    if certificate is None:
        return failure, {}
    facts = told_of(certificate)
    names = names_of(certificate)
    failure = replace(failure, text=f"{failure.text} (it is made out to {', '.join(names)[:500]})")
    if failure.trouble is Trouble.CERTIFICATE_OTHER_NAME:
        return failure, {**facts, **_right_name(names, opening)}
    return failure, facts


def _right_name(names: Sequence[str], opening: Opening) -> Facts:
    """A name of the certificate under which this very server is reached and trusted."""
    wanted = opening.settings
    doors = [
        Door(name, wanted.port, wanted.security)
        for name in _plain(names, opening.settings.host)
        if name != wanted.host
    ]
    seen = knock(doors[:4], opening.route, seconds=opening.patience.second_look)
    best = next((each for each in seen if each.is_mail_server and each.is_trusted), None)
    return _use(opening, best.door) if best else {}


def _plain(names: Iterable[str], host: str) -> list[str]:
    """Names without asterisks: `*.example.com` holds for what stands right below it."""
    first = host.partition(".")[0]
    return [name.replace("*", first, 1) if name.startswith("*.") else name for name in names]


def _here(opening: Opening, security: Security) -> Door:
    return Door(opening.settings.host, opening.settings.port, security)


def _others(opening: Opening) -> list[Door]:
    """The usual doors of this host but the one in use; first those protected alike."""
    wanted = opening.settings
    doors = [Door(wanted.host, port, security) for port, security in USUAL if port != wanted.port]
    return sorted(doors, key=lambda door: door.security is not wanted.security)


def _knock(doors: Iterable[Door], opening: Opening) -> list[Seen]:
    return knock(
        doors,
        opening.route,
        seconds=opening.patience.second_look,
        addresses=addresses_of(opening.endpoints),
    )


def _other_door(seen: Iterable[Seen], opening: Opening) -> Facts:
    """The best door that mail can be handed over by, if any: trusted, and taking logins."""
    wants_login = bool(opening.settings.username)
    good = [each for each in seen if each.is_mail_server and (each.takes_logins or not wants_login)]
    best = next((each for each in good if each.is_trusted), good[0] if good else None)
    return _use(opening, best.door) if best else {}


def _in_clear(opening: Opening) -> Facts:
    """Within this machine nothing needs to be encrypted."""
    if not all(endpoint.is_local for endpoint in opening.endpoints):
        return {}
    seen = _knock([_here(opening, Security.NONE)], opening)
    return _other_door(seen, opening)


def _use(opening: Opening, door: Door) -> Facts:
    """What has to be set otherwise to come to that door."""
    wanted = opening.settings
    facts = {}
    if door.host != wanted.host:
        facts["use_host"] = door.host
    if door.port != wanted.port:
        facts["use_port"] = str(door.port)
    if door.security is not wanted.security:
        facts["use_security"] = str(door.security)
    return facts


def _presented(opening: Opening) -> x509.Certificate | None:
    """The certificate that the server shows, whatever it is worth."""
    try:
        return _certificate_on(_second_line(opening), opening)
    except (LineBroken, OSError, ValueError):
        return None


def _certificate_on(line: Line, opening: Opening) -> x509.Certificate | None:
    seconds = line.seconds = opening.patience.second_look
    try:
        if opening.settings.security is Security.STARTTLS:
            line.reply(seconds=seconds)
            line.ehlo()
            line.ask("STARTTLS", seconds=seconds)
        secured = line.secure(unverified(), opening.settings.host, seconds=seconds)
        shown = secured.getpeercert(binary_form=True)
        return x509.load_der_x509_certificate(shown) if shown else None
    finally:
        line.drop()


def _second_line(opening: Opening) -> Line:
    found = egress.connect(opening.endpoints, seconds=opening.patience.second_look)
    if isinstance(found, egress.NoWay):
        raise LineBroken(found.trouble, found.text)
    return Line(found)


def told_of(certificate: x509.Certificate) -> Facts:
    """A certificate, as a finding tells it."""
    return {
        "certificate_names": ", ".join(names_of(certificate))[:500],
        "certificate_subject": certificate.subject.rfc4514_string()[:200],
        "certificate_issuer": certificate.issuer.rfc4514_string()[:200],
        "certificate_from": certificate.not_valid_before_utc.date().isoformat(),
        "certificate_until": certificate.not_valid_after_utc.date().isoformat(),
    }


def names_of(certificate: x509.Certificate) -> list[str]:
    """The names that it is made out to."""
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except x509.ExtensionNotFound:
        return [certificate.subject.rfc4514_string()]
    return [str(name.value) for name in names.value][:10]


_HINTS: Mapping[Trouble | tuple[Stage, Trouble], Hint] = {
    Trouble.SPEAKS_TLS_AT_ONCE: _tls_at_once,
    Trouble.SPEAKS_CLEAR_TEXT: _clear_text,
    Trouble.NOT_A_MAIL_SERVER: _other_protocol,
    Trouble.STARTTLS_NOT_OFFERED: _no_encryption,
    Trouble.STARTTLS_TAMPERED: _elsewhere,
    Trouble.LOGIN_NOT_OFFERED: _no_login,
    Trouble.TLS_TOO_OLD: _elsewhere,
    (Stage.DNS, Trouble.NOT_ALLOWED): _elsewhere,
    **{(Stage.CONNECT, trouble): _elsewhere for trouble in _NOBODY_THERE},
    **{(stage, trouble): _hung_up for stage in (Stage.GREETING, Stage.TLS) for trouble in _HUNG_UP},
    **dict.fromkeys(_CERTIFICATE, _certificate),
}
