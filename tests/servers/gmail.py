"""A local Gmail API that takes nothing on trust, and keeps a ledger of what it has sent.

It knows of the real one what its reference tells (developers.google.com/workspace/gmail/api):
paths, scopes, sizes, and that it sends to whom the headers name. Whatever in a request is not as
it must be is refused as Google would, and written down in `complaints`, which a test can ask for.

Steps are CONNECT, HEAD, BODY, SEND and LOOK (profile, search, addresses to send as).
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import json
import re
import secrets
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses

from outtray.transports.gmail import scopes
from tests.servers.http_wire import Asked, HttpConversation, reply
from tests.servers.ledger import Ledger
from tests.servers.ledger_deeds import Deed, Plan, Told
from tests.servers.listening import Listening
from tests.servers.script import HangUp

SEND = "/gmail/v1/users/me/messages/send"
UPLOAD = f"/upload{SEND}"
_MESSAGES = "/gmail/v1/users/me/messages"
_PROFILE = "/gmail/v1/users/me/profile"
_ALIASES = "/gmail/v1/users/me/settings/sendAs"
_SEARCH = re.compile(r"rfc822msgid:([^\s<>]+@[^\s<>]+) in:(?:sent|anywhere)")
_ONCE = ("From", "Date", "Message-ID")
_AT_MOST_ONCE = ("To", "Cc", "Bcc", "Reply-To", "Subject", "Sender")


@dataclass(frozen=True, slots=True)
class Sent:
    """A message as its recipients got it, and who they are."""

    recipients: tuple[str, ...]
    message: bytes
    is_upload: bool


class Objection(Exception):  # noqa: N818 - the request was wrong, not the server
    """This request is not as it must be."""

    def __init__(self, status: int, reason: str, message: str) -> None:
        super().__init__(message)
        self.status, self.reason, self.message = status, reason, message


def refusal(status: int, reason: str, message: str, headers: dict[str, str] | None = None) -> bytes:
    """An error as Google tells it, in both of its forms."""
    detail = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason.upper()}
    entry = {"message": message, "domain": "global", "reason": reason}
    error = {"code": status, "message": message, "errors": [entry], "details": [detail]}
    return reply(status, {"error": error}, headers)


def refuses(status: int, reason: str, message: str = "Not now", **headers: str) -> Deed:
    """Answers with that error; names of headers with underscores for hyphens."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Deed(reply=refusal(status, reason, message, named))


class GmailServer(Listening):
    """Listens on a free port from the constructor on, until `stop`. Whose mailbox it is, which
    tokens are good and what they may do, a test says."""

    def __init__(self, ledger: Ledger | None = None) -> None:
        self.ledger = ledger or Ledger()
        self.told = Told()
        self.plan: Plan = self.told
        self.account = "ben@nordwind.example"
        self.aliases: dict[str, str] = {}
        self.raw_limit, self.upload_limit = 5 * 1024 * 1024, 36_700_160
        self.renames = False
        self.sent: list[Sent] = []
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self._tokens: dict[str, frozenset[str]] = {}
        self._filed: set[str] = set()
        self._lock = threading.Lock()
        super().__init__(self._serve)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def follow(self, plan: Plan) -> None:
        """Do from now on what this plan says."""
        self.plan = plan

    def behaves(self) -> None:
        """Take everything from now on."""
        self.plan = self.told = Told()

    def grants(self, token: str, *granted: str) -> None:
        """This token is good, for these scopes."""
        self._tokens[token] = frozenset(granted)

    def revokes(self, token: str) -> None:
        """This token is not good any more."""
        del self._tokens[token]

    def stop(self) -> None:
        """Close everything and wait for every thread."""
        super().stop()
        self.ledger.close()

    def _serve(self, sock: socket.socket) -> None:
        conversation = HttpConversation(sock, lambda: self.plan, self.stopping)
        with contextlib.suppress(HangUp, OSError):
            conversation.begin()
            while True:
                self._handle(conversation, conversation.request())
        sock.close()

    def _handle(self, conversation: HttpConversation, asked: Asked) -> None:
        self.requests.append(f"{asked.method} {asked.path}")
        try:
            granted = self._granted(asked)
            step, usual, take = self._deed(asked, granted)
        except Objection as objection:
            self.complaints.append(f"{asked.method} {asked.path}: {objection}")
            step, take = "LOOK" if asked.method == "GET" else "SEND", lambda: None
            usual = refusal(objection.status, objection.reason, objection.message)
        conversation.answer(step, usual, take=take)

    def _granted(self, asked: Asked) -> frozenset[str]:
        token = asked.headers.get("authorization", "").removeprefix("Bearer ")
        if asked.headers.get("host") != f"127.0.0.1:{self.port}":
            raise Objection(400, "badRequest", "Host is wrong")
        if token not in self._tokens:
            raise Objection(401, "authError", "Invalid Credentials")
        return self._tokens[token]

    def _deed(self, asked: Asked, granted: frozenset[str]) -> tuple[str, bytes, Callable[[], None]]:
        """What is to be done: its step, its answer, and what it leaves behind."""
        match asked.method, asked.path:
            case "POST", path if path in (SEND, UPLOAD):
                _require(granted, scopes.SENDING)
                sent = _sent(self._message(asked), is_upload=path == UPLOAD)
                number = secrets.token_hex(8)
                told = {"id": number, "threadId": number, "labelIds": ["SENT"]}
                return "SEND", reply(200, told), lambda: self._take(sent)
            case "GET", path if path == _PROFILE:
                _require(granted, scopes.PROFILE)
                return _look({"emailAddress": self.account, "messagesTotal": len(self.sent)})
            case "GET", path if path == _ALIASES:
                _require(granted, scopes.ALIASES)
                return _look({"sendAs": list(self._send_as())})
            case "GET", path if path == _MESSAGES:
                _require(granted, scopes.PROFILE)
                return _look(self._found(asked.query, granted))
            case _:
                raise Objection(404, "notFound", "Requested entity was not found.")

    def _message(self, asked: Asked) -> bytes:
        """The message in a request to send."""
        if asked.path == UPLOAD:
            return self._uploaded(asked)
        if asked.headers.get("content-type") != "application/json" or asked.query:
            raise Objection(400, "badRequest", "JSON is expected, and no query")
        if len(asked.body) > self.raw_limit:
            raise Objection(413, "uploadTooLarge", "Request payload size exceeds the limit.")
        try:
            told = json.loads(asked.body)
        except ValueError as wrong:
            raise Objection(400, "parseError", "This is no JSON") from wrong
        if not isinstance(told, dict) or set(told) != {"raw"} or not isinstance(told["raw"], str):
            raise Objection(400, "invalidArgument", "'raw' RFC822 payload message string required")
        try:
            return base64.b64decode(told["raw"], altchars=b"-_", validate=True)
        except (ValueError, binascii.Error) as wrong:
            raise Objection(400, "invalidArgument", "Invalid value for ByteString") from wrong

    def _uploaded(self, asked: Asked) -> bytes:
        if asked.query != {"uploadType": "media"}:
            raise Objection(400, "badRequest", "uploadType=media is expected")
        if asked.headers.get("content-type") != "message/rfc822":
            raise Objection(400, "badContent", "Media type is not supported.")
        if len(asked.body) > self.upload_limit:
            raise Objection(413, "uploadTooLarge", "Request Entity Too Large")
        return asked.body

    def _take(self, sent: Sent) -> None:
        message_id = _message_id(sent.message)
        with self._lock:
            self.sent.append(sent)
            self._filed.add(
                f"{secrets.token_hex(8)}@mail.gmail.com" if self.renames else message_id
            )
        self.ledger.keep(f"<{message_id}>", list(sent.recipients))

    def _send_as(self) -> Iterator[dict[str, object]]:
        yield {"sendAsEmail": self.account, "isPrimary": True, "isDefault": True}
        for address, status in self.aliases.items():
            yield {"sendAsEmail": address, "verificationStatus": status}

    def _found(self, query: dict[str, str], granted: frozenset[str]) -> dict[str, object]:
        if not scopes.may(granted, scopes.SEARCHING):
            raise Objection(403, "forbidden", "Metadata scope does not support 'q' parameter")
        wanted = _SEARCH.fullmatch(query.get("q", ""))
        if not wanted:
            raise Objection(400, "invalidArgument", "this search is not understood")
        with self._lock:
            is_filed = wanted[1] in self._filed
        return (
            {"messages": [{"id": "1", "threadId": "1"}]} if is_filed else {"resultSizeEstimate": 0}
        )


def _look(told: object) -> tuple[str, bytes, Callable[[], None]]:
    return "LOOK", reply(200, told), lambda: None


def _require(granted: frozenset[str], wanted: frozenset[str]) -> None:
    if not scopes.may(granted, wanted):
        text = "Request had insufficient authentication scopes."
        raise Objection(403, "insufficientPermissions", text)


def _sent(octets: bytes, *, is_upload: bool) -> Sent:
    """Whom the message goes to, and as what. Of Bcc nobody sees anything."""
    if re.search(rb"(?<!\r)\n|\r(?!\n)", octets):
        raise Objection(400, "invalidArgument", "a line does not end in CRLF")
    read = message_from_bytes(octets, policy=policy.default)
    assert isinstance(read, EmailMessage)
    _require_wholeness(read, octets)
    names = [name.lower() for name, _ in read.items()]
    if "mime-version" in names and {"to", "cc", "bcc"} & set(names[names.index("mime-version") :]):
        raise Objection(400, "invalidArgument", "addresses after MIME-Version are not read")
    lines = [str(line) for name in ("To", "Cc", "Bcc") for line in read.get_all(name, [])]
    recipients = dict.fromkeys(address for _, address in getaddresses(lines) if "@" in address)
    if not recipients:
        raise Objection(400, "invalidArgument", "Recipient address required")
    shown = re.sub(rb"(?im)\ABcc:.*\r\n(?:[ \t].*\r\n)*", b"", octets)
    if "bcc" in _names(shown):
        raise Objection(400, "invalidArgument", "Bcc does not stand in front")
    return Sent(tuple(recipients), shown, is_upload)


def _require_wholeness(read: EmailMessage, octets: bytes) -> None:
    """As RFC 5322 §3.6 wants it, and its parts as they say they are."""
    wrong = [name for name in _ONCE if len(read.get_all(name, [])) != 1]
    wrong += [name for name in _AT_MOST_ONCE if len(read.get_all(name, [])) > 1]
    wrong += [str(defect) for part in read.walk() for defect in part.defects]
    if max(map(len, octets.split(b"\r\n"))) > 998:
        wrong.append("a line is too long")
    if wrong:
        raise Objection(400, "invalidArgument", f"Invalid message: {', '.join(wrong)}")


def _names(octets: bytes) -> list[str]:
    head = octets.partition(b"\r\n\r\n")[0].decode("utf-8", "replace")
    return [line.partition(":")[0].lower() for line in head.split("\r\n")]


def _message_id(octets: bytes) -> str:
    found = re.search(rb"(?im)^Message-ID:\s*<(\S+)>", octets)
    assert found
    return found[1].decode()
