"""An Exchange server for tests: EWS over HTTPS, with NTLM that is checked and Basic.

Each request must fit the schema in `ews_schema`; what does not is kept in `violations`. Every
login is kept, refused or not, under the name just as it came. A test tells what happens at an
operation: `server.at("SendItem", Busy(5000))` once, `server.always(...)` from now on.
"""

from __future__ import annotations

import base64
import http.server
import socket
import ssl
import threading
import traceback
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import spnego
import spnego.channel_bindings
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from lxml import etree
from spnego.exceptions import SpnegoError

from tests.servers.authority import Authority
from tests.servers.ews_deeds import (
    AnswersAndCloses,
    Behaviour,
    Busy,
    Drops,
    Fault,
    Garbles,
    Loses,
    Page,
    Says,
    Stalls,
)
from tests.servers.ews_mailbox import SCHEMA, EwsMailbox, Refuses, refusal
from tests.servers.listening import leave_with_the_end

PATH = "/EWS/Exchange.asmx"
PASSWORD = "correct horse"
BY_ADDRESS = ":ben@nordwind.example"
BY_DOMAIN = "nordwind.example:ben"
_VERSIONS = (
    *("Exchange2007", "Exchange2007_SP1", "Exchange2010", "Exchange2010_SP1", "Exchange2010_SP2"),
    *("Exchange2013", "Exchange2013_SP1", "Exchange2015", "Exchange2015_SP1", "Exchange2016"),
)
_ENVELOPE = """<?xml version="1.0" encoding="utf-8"?>
<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"
 xmlns:m="http://schemas.microsoft.com/exchange/services/2006/messages"
 xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types"
 xmlns:e="http://schemas.microsoft.com/exchange/services/2006/errors">{header}<s:Body>{body}
</s:Body></s:Envelope>"""


class EwsServer:
    """Listens on a port of this machine, for one mailbox."""

    def __init__(self, authority: Authority, folder: Path) -> None:
        self._user_file = folder / "ntlm-users"
        self._listener = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._listener.daemon_threads = False
        self.lines: set[socket.socket] = set()
        self.next_hang_ups = 0  # how many lines are ended within their TLS handshake
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.certificate(authority.certificate("localhost"))
        self.stopped = threading.Event()
        self.start_again()
        self._thread = threading.Thread(target=self._listener.serve_forever, args=(0.02,))
        self._thread.start()

    @property
    def user_file(self) -> Path:
        """Whom pyspnego knows; it reads the name of this file from the environment."""
        return self._user_file

    def uri(self, path: str = PATH) -> str:
        return f"https://localhost:{self._listener.server_address[1]}{path}"

    def certificate(self, files: tuple[Path, Path]) -> None:
        """Show this certificate from now on."""
        self._context.load_cert_chain(*files)
        shown = x509.load_pem_x509_certificate(files[0].read_bytes())
        # RFC 5929 §4.1: what a client of NTLM must have seen, or somebody stands between.
        self.certificate_hash = shown.fingerprint(hashes.SHA256())

    def start_again(self) -> None:
        """As new: nothing heard, nothing kept, everything as usual."""
        self.mailbox = EwsMailbox("ben@nordwind.example")
        self.methods: tuple[str, ...] = ("Negotiate", "NTLM")
        self.versions: tuple[str, ...] = _VERSIONS
        self.pages: dict[str, Page] = {}
        self.operations: list[str] = []
        self.logins: list[str] = []
        self.refused: list[str] = []
        self.anonymous = 0
        self.violations: list[str] = []
        self._next: dict[str, list[Behaviour]] = {}
        self._always: dict[str, Behaviour] = {}
        self.knows(BY_ADDRESS)

    def knows(self, *users: str) -> None:
        """Lets these in and nobody else, just as they are written: "domain:name"."""
        self._users = users
        self._user_file.write_text("".join(f"{user}:{PASSWORD}\n" for user in users))

    def at(self, operation: str, *behaviours: Behaviour) -> None:
        """What happens at the next requests of that kind."""
        self._next.setdefault(operation, []).extend(behaviours)

    def always(self, operation: str, behaviour: Behaviour) -> None:
        """What happens at all requests of that kind."""
        self._always[operation] = behaviour

    def stop(self) -> None:
        self.stopped.set()
        self._listener.shutdown()
        for line in tuple(self.lines):
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
        self._listener.server_close()
        self._thread.join()

    def behaviour(self, operation: str) -> Behaviour | None:
        waiting = self._next.get(operation)
        return waiting.pop(0) if waiting else self._always.get(operation)

    def knows_by_password(self, name: str, password: str) -> bool:
        """Whether Basic lets somebody in."""
        user = name.replace("\\", ":", 1) if "\\" in name else f":{name}"
        return user in self._users and password == PASSWORD

    def _handler(self) -> type[http.server.BaseHTTPRequestHandler]:
        return type(
            "Handler", (_Handler,), {"ews": self, "context": property(lambda _: self._context)}
        )


class _Handler(http.server.BaseHTTPRequestHandler):
    """One line. NTLM signs in a line, Basic each request."""

    protocol_version = "HTTP/1.1"
    ews: EwsServer
    context: ssl.SSLContext
    line: socket.socket
    ntlm: Any = None
    is_signed_in = False

    def setup(self) -> None:
        self.request.settimeout(20)
        self.line = self.request.dup()
        self.ews.lines.add(self.line)
        self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self.ews.next_hang_ups:
            self.ews.next_hang_ups -= 1
            self.line.shutdown(socket.SHUT_RDWR)
        try:
            self.request = self.context.wrap_socket(self.request, server_side=True)
        except OSError:
            traceback.print_exc()  # shown beside a test that fails for it
        super().setup()

    def handle(self) -> None:
        with suppress(OSError):
            super().handle()

    def finish(self) -> None:
        with suppress(OSError):
            super().finish()
        with suppress(OSError):
            self.request.close()
        self.ews.lines.discard(self.line)
        self.line.close()

    def log_message(self, *_: object) -> None:
        """Tests ask the server itself."""

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        page = self.ews.pages.get(self.path) or self.ews.pages.get("*")
        if self.path.lower() != PATH.lower() and not page:
            page = Page(404, "<html><title>404 - File not found</title></html>")
        if page:
            self._answer(page.status, page.body, page.headers)
        elif self._lets_in():
            self._act(content)

    def do_GET(self) -> None:
        self.do_POST()

    def _lets_in(self) -> bool:
        scheme, _, token = self.headers.get("Authorization", "").partition(" ")
        if self.is_signed_in:
            return True
        if not scheme:
            self.ews.anonymous += 1
            self._ask_for_login()
        elif scheme == "Basic" and "Basic" in self.ews.methods:
            name, _, password = base64.b64decode(token).decode().partition(":")
            if self.ews.knows_by_password(name, password):
                self.ews.logins.append(name)
                return True
            self._refuse(name)
        elif scheme in self.ews.methods:
            return self._shake_hands(scheme, base64.b64decode(token))
        else:
            self._ask_for_login()
        return False

    def _shake_hands(self, scheme: str, token: bytes) -> bool:
        if token[8:12] == b"\x01\0\0\0":
            self.ntlm = spnego.server(protocol="ntlm")
            challenge = base64.b64encode(self.ntlm.step(token)).decode()
            self._answer(401, "", {"WWW-Authenticate": f"{scheme} {challenge}"})
            return False
        name = _name_in(token)
        bindings = spnego.channel_bindings.GssChannelBindings(
            application_data=b"tls-server-end-point:" + self.ews.certificate_hash
        )
        try:
            self.ntlm.step(token, channel_bindings=bindings)
        except SpnegoError:
            self._refuse(name)
            return False
        self.is_signed_in = True
        self.ews.logins.append(name)
        return True

    def _refuse(self, name: str) -> None:
        self.ews.refused.append(name)
        self._ask_for_login()

    def _ask_for_login(self) -> None:
        self.send_response(401)
        for method in self.ews.methods:
            self.send_header(
                "WWW-Authenticate", 'Basic realm="exchange"' if method == "Basic" else method
            )
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _act(self, content: bytes) -> None:
        root = etree.fromstring(content, etree.XMLParser(huge_tree=True))
        request = root.find("{*}Body")[0]
        operation = etree.QName(request).localname
        self.ews.operations.append(operation)
        if not SCHEMA.validate(root):
            self.ews.violations.append(f"{operation}: {SCHEMA.error_log.last_error}")
        version = root.find("{*}Header/{*}RequestServerVersion").get("Version")
        if version not in self.ews.versions:
            self._fault(
                Fault("ErrorInvalidServerVersion", "The specified server version is invalid.")
            )
            return
        self._behave(operation, request, self.ews.behaviour(operation))

    def _behave(self, operation: str, request: Any, behaviour: Behaviour | None) -> None:
        match behaviour:
            case Busy() | Fault():
                self._fault(behaviour)
            case Says(code, text):
                self._reply(operation, refusal(operation, code, text))
            case Page(status, body, headers):
                self._answer(status, body, headers)
            case Drops():
                self._hang_up()
            case Stalls():
                self.ews.stopped.wait()
                self._hang_up()
            case _:
                self._do(operation, request, behaviour)

    def _do(self, operation: str, request: Any, behaviour: Behaviour | None) -> None:
        try:
            done = self.ews.mailbox.do(operation, request)
        except Refuses as refused:
            done = refusal(operation, refused.code, str(refused))
        match behaviour:
            case Loses():
                self._hang_up()
            case Garbles(body):
                self._answer(200, body, {"Content-Type": "text/xml"})
            case AnswersAndCloses():
                leave_with_the_end(self.request)
                self._reply(operation, done)
                self.close_connection = True
            case _:
                self._reply(operation, done)

    def _reply(self, operation: str, messages: str) -> None:
        body = (
            f"<m:{operation}Response><m:ResponseMessages>{messages}</m:ResponseMessages>"
            f"</m:{operation}Response>"
        )
        self._answer(200, _ENVELOPE.format(header=_HEADER, body=body), {"Content-Type": "text/xml"})

    def _fault(self, fault: Busy | Fault) -> None:
        code = "ErrorServerBusy" if isinstance(fault, Busy) else fault.code
        text = (
            "The server cannot service this request right now."
            if isinstance(fault, Busy)
            else fault.text
        )
        wait = ""
        if isinstance(fault, Busy) and fault.milliseconds:
            wait = (
                '<t:MessageXml><t:Value Name="BackOffMilliseconds">'
                f"{fault.milliseconds}</t:Value></t:MessageXml>"
            )
        body = (
            f"<s:Fault><faultcode>a:{code}</faultcode><faultstring>{text}</faultstring><detail>"
            f"<e:ResponseCode>{code}</e:ResponseCode><e:Message>{text}</e:Message>{wait}</detail>"
            "</s:Fault>"
        )
        self._answer(500, _ENVELOPE.format(header="", body=body), {"Content-Type": "text/xml"})

    def _answer(self, status: int, body: str, headers: Mapping[str, str]) -> None:
        octets = body.encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(octets)))
        self.end_headers()
        self.wfile.write(octets)

    def _hang_up(self) -> None:
        self.close_connection = True


_HEADER = (
    '<s:Header><t:ServerVersionInfo MajorVersion="15" MinorVersion="2" MajorBuildNumber="1748" '
    'MinorBuildNumber="10" Version="V2017_07_11"/></s:Header>'
)


def _name_in(token: bytes) -> str:
    """The name in an AUTHENTICATE_MESSAGE, [MS-NLMP] §2.2.1.3."""
    parts = []
    for place in (28, 36):
        length = int.from_bytes(token[place : place + 2], "little")
        start = int.from_bytes(token[place + 4 : place + 8], "little")
        parts.append(token[start : start + length].decode("utf-16-le"))
    domain, user = parts
    return f"{domain}\\{user}" if domain else user
