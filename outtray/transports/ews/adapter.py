"""What exchangelib takes for the network: requests that go through our one door."""

from __future__ import annotations

import io
import random
from collections.abc import Mapping
from typing import Any

import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from exchangelib import Configuration, Credentials
from exchangelib.protocol import FailFast, Protocol
from exchangelib.transport import BASIC, DEFAULT_HEADERS, NOAUTH, NTLM
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase, HTTPBasicAuth
from requests_ntlm import HttpNtlmAuth
from urllib3 import HTTPResponse

from outtray.lib.sealing import Secret
from outtray.transports.ews.door import Door
from outtray.transports.ews.methods import Method
from outtray.transports.web import NoAnswer

# `Connection: close` would make exchangelib take any refusal for haste, a password's too; what
# was packed might unpack to any size.
_KEPT_BACK = frozenset({"connection", "content-encoding", "transfer-encoding", "content-length"})


class DoorAdapter(HTTPAdapter):
    """Hands requests to a door. What gets no answer is a ConnectionError."""

    def __init__(self, door: Door) -> None:
        super().__init__()
        self.door = door

    def send(  # noqa: PLR0917 - as requests calls it
        self,
        request: requests.PreparedRequest,
        stream: bool = False,  # noqa: FBT001, FBT002
        timeout: Any = None,
        verify: bool | str = True,  # noqa: FBT001, FBT002
        cert: Any = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        del stream, verify, cert, proxies
        body = request.body
        assert body is None or isinstance(body, str | bytes), "we send what is whole"
        answer = self.door.ask(
            str(request.method),
            str(request.url),
            headers={name: str(value) for name, value in request.headers.items()},
            content=body.encode() if isinstance(body, str) else body,
            seconds=float(timeout),
        )
        if isinstance(answer, NoAnswer):
            raise requests.ConnectionError(answer.text, request=request)
        headers = {name: told for name, told in answer.headers.items() if name not in _KEPT_BACK}
        raw = HTTPResponse(
            body=io.BytesIO(answer.body),
            headers=headers,
            status=answer.status,
            preload_content=False,
        )
        return self.build_response(request, raw)

    def close(self) -> None:
        """The line is the door's: what exchangelib throws away may not cut it off for others."""


class GuardedProtocol(Protocol):  # type: ignore[misc]  # exchangelib has no types
    """exchangelib's protocol, on one door instead of a pool of connections.

    It is made for one session and never shared, so neither rules nor passwords of one route
    can be met by another: see `protocol_for`.
    """

    def __init__(self, *, config: Configuration, door: Door, auth: AuthBase) -> None:
        super().__init__(config=config)
        self.TIMEOUT = door.patience.command
        self.RETRY_WAIT = 0  # a wait that it makes up itself would look like the server's
        self._door = door
        self._auth = auth

    def raw_session(self, *_: object, **__: object) -> requests.Session:
        """A session of requests that knows no way out but the door."""
        session = requests.Session()
        session.trust_env = False
        session.adapters.clear()
        session.mount("https://", DoorAdapter(self._door))
        session.headers.update({**DEFAULT_HEADERS, "Accept-Encoding": "identity"})
        session.headers["User-Agent"] = "Outtray"
        return session

    def create_session(self) -> requests.Session:
        session = self.raw_session()
        session.auth = self._auth
        session.session_id = random.randint(10000, 99999)  # type: ignore[attr-defined]  # noqa: S311 - for its log
        session.usage_count = 0  # type: ignore[attr-defined]
        return session


class _OwnCredentials(Credentials):  # type: ignore[misc]  # exchangelib has no types
    """Equal to themselves only, so that the cache of protocols never finds another's."""

    __eq__ = object.__eq__
    __hash__ = object.__hash__


def protocol_for(door: Door, method: Method, name: str, secret: Secret) -> GuardedProtocol:
    """A protocol of its own. An Account that is made of its `config` gets just this one, by
    exchangelib's cache, until `forget` takes it out."""
    config = Configuration(
        credentials=_OwnCredentials(name, secret.value),
        service_endpoint=door.settings.uri,
        auth_type=_TYPES[method],
        retry_policy=FailFast(),
        max_connections=1,
    )
    return GuardedProtocol(config=config, door=door, auth=_auth(method, name, secret))


def forget(protocol: GuardedProtocol) -> None:
    """Take a protocol out of exchangelib's cache, which would keep it and its password."""
    del GuardedProtocol[protocol.config]


_TYPES = {Method.NTLM: NTLM, Method.BASIC: BASIC, Method.KERBEROS: NOAUTH}


def _auth(method: Method, name: str, secret: Secret) -> AuthBase:
    if method is Method.BASIC:
        return HTTPBasicAuth(name.encode(), secret.value.encode())
    if method is Method.NTLM:
        # Without a domain in front it would be looked for in this machine's own.
        return _Ntlm(name if "\\" in name else f"\\{name}", secret.value)
    from requests_gssapi import HTTPSPNEGOAuth

    auth: AuthBase = HTTPSPNEGOAuth()
    return auth


class _Ntlm(HttpNtlmAuth):
    """NTLM, bound to the TLS that it goes over (RFC 5929 §4), as Extended Protection demands."""

    def _get_server_cert(self, response: requests.Response) -> bytes | None:
        adapter = response.connection
        assert isinstance(adapter, DoorAdapter)
        certificate = x509.load_der_x509_certificate(adapter.door.certificate)
        used = certificate.signature_hash_algorithm
        is_weak = used is None or used.name in {"md5", "sha1"}
        digest = hashes.Hash(hashes.SHA256() if is_weak or used is None else used)
        digest.update(adapter.door.certificate)
        return digest.finalize()
