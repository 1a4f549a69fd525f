"""Signed statements in place of a secret (RFC 7523): a certificate's, a service account's."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from outtray.lib.sealing import Secret

# How long a statement is good for: long enough for a clock that is somewhat wrong.
_GOOD_FOR = timedelta(minutes=10)
# Google takes none that is good for longer than an hour.
_GOOGLE_GOOD_FOR = timedelta(hours=1)


def client_assertion(
    client_id: str, audience: str, *, certificate: str, private_key: Secret, at: datetime
) -> str:
    """Who we are, signed with the key of a certificate that Microsoft knows.

    learn.microsoft.com/entra/identity-platform/certificate-credentials: PS256, and the
    certificate named by its SHA-256.
    """
    known = x509.load_pem_x509_certificate(certificate.encode())
    header = {
        "alg": "PS256",
        "typ": "JWT",
        "x5t#S256": _encoded(known.fingerprint(hashes.SHA256())),
    }
    claims = {
        "aud": audience,
        "iss": client_id,
        "sub": client_id,
        "jti": secrets.token_urlsafe(16),
        "nbf": _seconds(at - timedelta(minutes=1)),
        "iat": _seconds(at),
        "exp": _seconds(at + _GOOD_FOR),
    }
    return _signed(header, claims, private_key)


def delegation(
    account: str,
    audience: str,
    *,
    key_id: str,
    private_key: Secret,
    mailbox: str,
    scopes: tuple[str, ...],
    at: datetime,
) -> str:
    """That a service account acts for a mailbox of its domain.

    developers.google.com/identity/protocols/oauth2/service-account: RS256, `sub` is the mailbox.
    """
    claims = {
        "iss": account,
        "sub": mailbox,
        "scope": " ".join(scopes),
        "aud": audience,
        "iat": _seconds(at),
        "exp": _seconds(at + _GOOGLE_GOOD_FOR),
    }
    return _signed({"alg": "RS256", "typ": "JWT", "kid": key_id}, claims, private_key)


def load_private_key(text: str) -> rsa.RSAPrivateKey:
    """An RSA key as PEM without a password. Raises ValueError for anything else."""
    try:
        key = serialization.load_pem_private_key(text.encode(), password=None)
    except TypeError as locked:
        raise ValueError("the private key is protected by a password") from locked
    if not isinstance(key, rsa.RSAPrivateKey):
        raise ValueError("the private key is no RSA key")  # noqa: TRY004 - a wrong text
    return key


def verifier_and_challenge() -> tuple[str, str]:
    """A fresh code verifier, and its challenge by S256 (RFC 7636 §4.2)."""
    verifier = secrets.token_urlsafe(48)
    return verifier, _encoded(hashlib.sha256(verifier.encode()).digest())


def _signed(header: Mapping[str, str], claims: Mapping[str, object], private_key: Secret) -> str:
    """A JSON Web Token in compact form (RFC 7515 §3.1)."""
    said = ".".join(_encoded(json.dumps(part).encode()) for part in (header, claims))
    key = load_private_key(private_key.value)
    pads = padding.PSS(padding.MGF1(hashes.SHA256()), padding.PSS.DIGEST_LENGTH)
    chosen = pads if header["alg"] == "PS256" else padding.PKCS1v15()
    return f"{said}.{_encoded(key.sign(said.encode(), chosen, hashes.SHA256()))}"


def _encoded(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def _seconds(at: datetime) -> int:
    return int(at.timestamp())
