"""TLS as we want it: 1.2 or later, verified, with one more authority if we are told one."""

from __future__ import annotations

import socket
import ssl
import traceback
from errno import ECONNRESET
from functools import lru_cache
from os import strerror
from pathlib import Path

from outtray.transports.base import Trouble

# X509_V_ERR_*: numbers of OpenSSL's x509_vfy.h, which never change.
_VERDICTS = {
    9: Trouble.CERTIFICATE_EXPIRED,  # not yet valid: mostly a wrong clock
    10: Trouble.CERTIFICATE_EXPIRED,
    62: Trouble.CERTIFICATE_OTHER_NAME,
    64: Trouble.CERTIFICATE_OTHER_NAME,
}
_CLEAR_TEXT = ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "PACKET_LENGTH_TOO_LONG")
_TOO_OLD = (
    "UNSUPPORTED_PROTOCOL",
    "TLSV1_ALERT_PROTOCOL_VERSION",
    "VERSION_TOO_LOW",
    "NO_PROTOCOLS_AVAILABLE",
    "DH_KEY_TOO_SMALL",
)


def context_for(ca_file: str) -> ssl.SSLContext:
    """How we secure a connection. Raises OSError if the file of authorities cannot be read."""
    changed = Path(ca_file).stat().st_mtime_ns if ca_file else 0
    return _context_of(ca_file, changed)


@lru_cache(maxsize=8)
def _context_of(ca_file: str, _changed: int) -> ssl.SSLContext:
    """One context for all connections: reading the system's authorities takes 20 ms."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if ca_file:
        context.load_verify_locations(ca_file)
    return context


def begin_tls(sock: socket.socket, context: ssl.SSLContext, host: str) -> ssl.SSLSocket:
    """TLS on an open connection to that host. Raises OSError as `wrap_socket` does.

    Where the server hangs up just then, Python forgets what it has begun, or takes a connection
    that is gone for one that is still to come, and leaves it in the clear; here it is closed.
    """
    try:
        secured = context.wrap_socket(sock, server_hostname=host)
        if secured.version() is None:
            secured.close()
            raise ConnectionResetError(ECONNRESET, strerror(ECONNRESET))
        return secured
    except OSError as problem:
        for frame, _ in traceback.walk_tb(problem.__traceback__):
            begun = frame.f_locals.get("self")
            if isinstance(begun, ssl.SSLSocket):
                begun.close()
        raise


def meaning_of(problem: ssl.SSLError, host: str) -> tuple[Trouble, str]:
    """Why TLS with that host did not come about."""
    if isinstance(problem, ssl.SSLCertVerificationError):
        trouble = _VERDICTS.get(problem.verify_code, Trouble.CERTIFICATE_UNTRUSTED)
        return trouble, f"the certificate of {host}: {problem.verify_message}"
    if isinstance(problem, ssl.SSLEOFError | ssl.SSLZeroReturnError):
        return Trouble.TLS_INTERRUPTED, f"{host} hung up within the TLS handshake"
    reason = problem.reason or "no reason given"
    if reason in _CLEAR_TEXT:
        return Trouble.SPEAKS_CLEAR_TEXT, f"{host} does not speak TLS from the start here"
    if reason in _TOO_OLD:
        return Trouble.TLS_TOO_OLD, f"{host} offers no TLS 1.2 or later ({reason})"
    return Trouble.TLS_FAILED, f"TLS with {host} could not begin ({reason})"
