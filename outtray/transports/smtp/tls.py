"""Begin TLS on a line."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime

from outtray.transports.base import Failure, Stage, Trouble
from outtray.transports.smtp.failures import own_failure
from outtray.transports.smtp.line import Line
from outtray.transports.tls import context_for, meaning_of


def secure(line: Line, *, host: str, ca_file: str, seconds: float) -> str | Failure:
    """Begin TLS on the line. Answers in words what is now trusted."""
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
        return _failed(line, Trouble.TLS_FAILED, f"TLS with {host} could not begin ({reason})")
    return _described(secured, host)


def _failed(line: Line, trouble: Trouble, text: str) -> Failure:
    line.transcript.note(text)
    line.drop()
    return own_failure(trouble, text, stage=Stage.TLS)


def _described(secured: ssl.SSLSocket, host: str) -> str:
    version = (secured.version() or "TLS").replace("v", " ")
    return f"{version}, certificate of {host}, valid until {_last_day(secured)}"


def _last_day(secured: ssl.SSLSocket) -> str:
    not_after = str((secured.getpeercert() or {}).get("notAfter", ""))
    if not not_after:
        return "an unknown day"
    moment = datetime.fromtimestamp(ssl.cert_time_to_seconds(not_after), UTC)
    return moment.date().isoformat()
