"""The process: oidc-provider with a Google and a Microsoft dialect, on a free port."""

from __future__ import annotations

import base64
import json
import subprocess
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from outtray.lib import clock
from tests.servers import processes
from tests.servers.presence import lacking, require

HERE = Path(__file__).parent
ACCOUNTS = {
    "ben@nordwind.example": "ben's own harbour",
    "anna@nordwind.example": "anna's own harbour",
    "billing@nordwind.example": "the billing harbour",
}
CLIENT_ID = "outtray-of-nordwind"
CLIENT_SECRET = "a secret between us"
CERTIFIED_ID = "outtray-with-certificate"
SERVICE_ACCOUNT = "outtray@nordwind.iam.example"
TENANT = "7a1c2f84-3b5d-4e6f-8a90-b1c2d3e4f506"
KEY_ID = "tests"


class Certified:
    """A certificate that was uploaded at the provider, for a year, and its private key."""

    def __init__(self, name: str) -> None:
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        named = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self.ends_at = clock.now().replace(microsecond=0) + timedelta(days=365)
        builder = (
            x509.CertificateBuilder()
            .subject_name(named)
            .issuer_name(named)
            .public_key(self._key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(clock.now() - timedelta(days=1))
            .not_valid_after(self.ends_at)
        )
        signed = builder.sign(self._key, hashes.SHA256())
        self.certificate = signed.public_bytes(serialization.Encoding.PEM).decode()
        self.private_key = _pem(self._key)
        self.jwk = _public_jwk(self._key.public_key())


class OAuthServer:
    """Started with the constructor; ready when that returns.

    One application has a secret, the other a certificate. `signing_key` is what mail servers
    check tokens with.
    """

    def __init__(self, folder: Path) -> None:
        node = require("node", "nodejs")
        if not (HERE / "node_modules" / "oidc-provider").exists():
            lacking("oidc-provider is not installed (sh tools/install_test_servers.sh)")
        folder.mkdir(parents=True, exist_ok=True)
        (self.port,) = processes.free_ports(1)
        self.url = f"http://127.0.0.1:{self.port}"
        self._signing = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self._account_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.certified = Certified(CERTIFIED_ID)
        self._line = httpx.Client(verify=False)
        log = folder / "oauth.log"
        log.touch()
        configuration = folder / "oauth.json"
        configuration.write_text(json.dumps(self._configuration()) + "\n")
        self._process = self._start(node, configuration, log)

    @property
    def stand_ins(self) -> dict[str, str]:
        """The setting STAND_INS with which it plays both parts."""
        return {"google": f"{self.url}/google", "microsoft": f"{self.url}/microsoft"}

    @property
    def signing_key(self) -> bytes:
        """What its access tokens are checked with, as PEM."""
        return self._signing.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )

    @property
    def service_account(self) -> str:
        """The key file of the service account, as Google makes it."""
        return json.dumps(
            {
                "type": "service_account",
                "client_email": SERVICE_ACCOUNT,
                "private_key_id": "1",
                "private_key": _pem(self._account_key),
            }
        )

    def set(self, dialect: str, **knobs: object) -> None:
        """What shall happen from now on; the names are in `server.mjs`."""
        self._control(dialect, knobs)

    def forget(self, dialect: str, account: str) -> None:
        """This account removes our application on the provider's own page."""
        self._control(dialect, {"forget": account})

    def reset(self) -> None:
        """All as in the beginning, and no request seen."""
        for dialect in ("google", "microsoft"):
            self._control(dialect, {"reset": True})

    def seen(self, dialect: str) -> list[dict[str, str]]:
        """The requests to the token endpoint since the last reset, without their secrets."""
        seen: list[dict[str, str]] = self._control(dialect, None)["seen"]
        return seen

    def stop(self) -> None:
        self._line.close()
        processes.stop(self._process)

    def _control(self, dialect: str, told: Mapping[str, object] | None) -> Any:
        content = json.dumps(told) if told is not None else ""
        answer = self._line.post(f"{self.url}/control/{dialect}", content=content)
        return answer.raise_for_status().json()

    def _start(self, node: Path, configuration: Path, log: Path) -> subprocess.Popen[bytes]:
        command: list[str | Path] = ["sh", "-c", f'exec "{node}" server.mjs < "{configuration}"']
        process = processes.start(["env", "-C", HERE, *command], log=log)
        try:
            processes.wait_until(lambda: processes.listens(self.port), process, log=log)
        except BaseException:
            processes.stop(process)
            raise
        return process

    def _configuration(self) -> dict[str, object]:
        signing = _private_jwk(self._signing)
        return {
            "port": self.port,
            "accounts": ACCOUNTS,
            "clients": [
                {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET},
                {"client_id": CERTIFIED_ID, "jwk": self.certified.jwk},
            ],
            "signing_key": {**signing, "kid": KEY_ID, "use": "sig", "alg": "RS256"},
            "service_account": {
                "address": SERVICE_ACCOUNT,
                "key": _public_jwk(self._account_key.public_key()),
            },
        }


def _pem(key: rsa.RSAPrivateKey) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


def _public_jwk(key: rsa.RSAPublicKey) -> dict[str, str]:
    numbers = key.public_numbers()
    return {"kty": "RSA", "n": _number(numbers.n), "e": _number(numbers.e)}


def _private_jwk(key: rsa.RSAPrivateKey) -> dict[str, str]:
    numbers = key.private_numbers()
    parts = {
        "d": numbers.d,
        "p": numbers.p,
        "q": numbers.q,
        "dp": numbers.dmp1,
        "dq": numbers.dmq1,
        "qi": numbers.iqmp,
    }
    return {
        **_public_jwk(key.public_key()),
        **{name: _number(part) for name, part in parts.items()},
    }


def _number(value: int) -> str:
    octets = value.to_bytes((value.bit_length() + 7) // 8, "big")
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()
