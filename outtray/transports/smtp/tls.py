"""Begin TLS on a line."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from outtray.transports.base import Failure, Stage, Trouble
from outtray.transports.smtp.failures import own_failure
from outtray.transports.smtp.line import Line
from outtray.transports.tls import context_for, meaning_of


@dataclass(frozen=True, slots=True)
class Secured:
    """What is now trusted: in words, and as facts."""

    detail: str
    facts: Mapping[str, str]


def secure(line: Line, *, host: str, ca_file: str, seconds: float) -> Secured | Failure:
    """Begin TLS on the line."""
    try:
        context = context_for(ca_file)
    except OSError as problem:
        return _failed(line, Trouble.SETTINGS, f"the authorities in {ca_file}: {problem.strerror}")
    try:
        secured = line.secure(context, host, seconds=seconds)
    except ssl.SSLError as problem:
        return _failed(line, *meaning_of(problem, host))
    except TimeoutError:
        return _failed(line, Trouble.TIMED_OUT, f"{host} did not finish the TLS handshake in time")
    except OSError as problem:
        reason = problem.strerror or "the server closed the connection"
        return _failed(line, Trouble.TLS_INTERRUPTED, f"TLS with {host} could not begin ({reason})")
    return _described(secured, host)


def _failed(line: Line, trouble: Trouble, text: str) -> Failure:
    line.transcript.note(text)
    line.drop()
    return own_failure(trouble, text, stage=Stage.TLS)


def _described(secured: ssl.SSLSocket, host: str) -> Secured:
    certificate: Mapping[str, Any] = secured.getpeercert() or {}
    cipher = (secured.cipher() or ("",))[0]
    version = (secured.version() or "TLS").replace("v", " ")
    issuer, until = _name(certificate, "issuer"), _day(certificate, "notAfter")
    names = [str(value) for _, value in certificate.get("subjectAltName", ())]
    return Secured(
        f"{version}, certificate of {host} by {issuer}, valid until {until}",
        {
            "tls": version,
            "cipher": cipher,
            "certificate_names": ", ".join(names[:10])[:500],
            "certificate_subject": _name(certificate, "subject"),
            "certificate_issuer": issuer,
            "certificate_from": _day(certificate, "notBefore"),
            "certificate_until": until,
        },
    )


def _name(certificate: Mapping[str, Any], whose: str) -> str:
    """Whose certificate it is, or who signed it: the common name, else the organisation."""
    told = {key: str(value) for part in certificate.get(whose, ()) for key, value in part}
    return (told.get("commonName") or told.get("organizationName") or "")[:200] or "nobody named"


def _day(certificate: Mapping[str, Any], which: str) -> str:
    moment = str(certificate.get(which, ""))
    if not moment:
        return "an unknown day"
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(moment), UTC).date().isoformat()
