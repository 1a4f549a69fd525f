"""A local Microsoft Graph that takes nothing on trust, and keeps a ledger of what it has sent.

It knows of the real one what its reference tells (learn.microsoft.com/graph/api/resources/
mail-api-overview): paths, permissions, sizes, fields, the order of an upload. Whatever in a
request is not as it must be is refused as Microsoft would, and written down in `complaints`,
which a test can ask for. With an `oracle` every JSON is read by another's parser too.

Steps are CONNECT, HEAD, BODY, SEND (whatever sends), DRAFT (write or change one), ATTACH,
UPLOAD, DELETE and LOOK.
"""

from __future__ import annotations

import contextlib
import re
import secrets
import socket
import threading
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qs, unquote

from tests.servers.graph_mail import (
    Draft,
    File,
    Objection,
    Sent,
    draft_of,
    file_of,
    from_mime,
    read_json,
    request_of,
    upload_of,
)
from tests.servers.http_wire import Asked, HttpConversation, reply
from tests.servers.ledger import Ledger
from tests.servers.ledger_deeds import Deed, Plan, Told
from tests.servers.listening import Listening
from tests.servers.script import HangUp

REQUEST_LIMIT = 4 * 1024 * 1024
PIECE_UNIT = 320 * 1024
SMALLEST_UPLOAD = 2 * 1024 * 1024
LARGEST_FILE = 150 * 1024 * 1024

Doing = tuple[str, bytes, Callable[[], None]]  # the step, the answer, and what it leaves behind
Oracle = Callable[[str, object], None]

_MAILBOX = re.compile(r"/v1\.0(/me|/users/([^/]+))(/.*)?")
_FILTER = re.compile(r"internetMessageId eq '((?:[^']|'')+)'")


def refusal(status: int, name: str, text: str, headers: Mapping[str, str] | None = None) -> bytes:
    """An error as Microsoft tells it."""
    inner = {"date": "2026-11-22T10:00:00", "request-id": secrets.token_hex(8)}
    return reply(status, {"error": {"code": name, "message": text, "innerError": inner}}, headers)


def refuses(status: int, name: str, text: str = "Not now", **headers: str) -> Deed:
    """Answers with that error; names of headers with underscores for hyphens."""
    named = {key.replace("_", "-"): value for key, value in headers.items()}
    return Deed(reply=refusal(status, name, text, named))


class GraphServer(Listening):
    """Listens on a free port from the constructor on, until `stop`. Whose mailbox it is, which
    tokens are good and what they may do, a test says."""

    def __init__(self, ledger: Ledger | None = None, *, oracle: Oracle | None = None) -> None:
        self.ledger = ledger or Ledger()
        self.told = Told()
        self.plan: Plan = self.told
        self.account = "ben@nordwind.example"
        self.profile: dict[str, object] = {"mail": self.account}
        self.has_mailbox = True
        self.shared: dict[str, set[str]] = {}
        self.message_limit = 35 * 1024 * 1024
        self.renames = False
        self.sent: list[Sent] = []
        self.drafts: dict[str, Draft] = {}
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self.upload_host = ""
        self._oracle = oracle or (lambda kind, told: None)
        self._tokens: dict[str, frozenset[str]] = {}
        self._uploads: dict[str, tuple[str, File, bytearray]] = {}
        self._filed: list[str] = []
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
        """This token is good, for these permissions."""
        self._tokens[token] = frozenset(scope.lower() for scope in granted)

    def revokes(self, token: str) -> None:
        """This token is not good any more."""
        del self._tokens[token]

    def shares(self, address: str, *rights: str) -> None:
        """The account has these rights on another mailbox: "send_as", "full_access"."""
        self.shared[address] = set(rights)

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
        self.requests.append(f"{asked.method} {unquote(asked.path)}")
        try:
            step, usual, take = self._doing(asked)
        except Objection as objection:
            self.complaints.append(f"{asked.method} {asked.path}: {objection}")
            step, take = _step_of(asked), lambda: None
            usual = refusal(objection.status, objection.name, str(objection))
        conversation.answer(step, usual, take=take)

    def _doing(self, asked: Asked) -> Doing:
        if asked.headers.get("host") != f"127.0.0.1:{self.port}":
            raise Objection(400, "BadRequest", "Host is wrong")
        if len(asked.body) > REQUEST_LIMIT:
            raise Objection(413, "RequestEntityTooLarge", "Maximum request length exceeded.")
        if asked.path.startswith("/uploads/"):
            return self._upload(asked)
        token = asked.headers.get("authorization", "").removeprefix("Bearer ")
        if token not in self._tokens:
            raise Objection(401, "InvalidAuthenticationToken", "Access token is not good.")
        found = _MAILBOX.fullmatch(asked.path)
        if not found:
            raise Objection(404, "ResourceNotFound", "Resource could not be discovered.")
        return self._on_mailbox(asked, found[1], self._owner(found), found[3] or "", token)

    def _owner(self, found: re.Match[str]) -> str:
        return unquote(found[2]) if found[2] else self.account

    def _on_mailbox(self, asked: Asked, mailbox: str, owner: str, rest: str, token: str) -> Doing:
        granted = self._tokens[token]
        if not rest:
            return self._profile(asked, granted)
        self._require_access(owner, is_application=".default" in granted)
        match asked.method, rest.split("/")[1:]:
            case "POST", ["sendMail"]:
                _require(granted, "mail.send", "mail.send.shared", ".default")
                return self._send_mail(asked, owner)
            case "POST", ["messages"]:
                _require_writing(granted)
                return self._write(asked, owner)
            case method, ["messages", draft_id, *action] if method != "GET":
                _require_writing(granted)
                return self._on_draft(asked, mailbox, unquote(draft_id), action)
            case "GET", ["mailFolders", "sentitems"]:
                _require_reading(granted)
                return _look({"id": "sentitems"})
            case "GET", ["mailFolders", "sentitems" | "drafts" as folder, "messages"]:
                _require_reading(granted)
                return _look({"value": self._found(asked, folder)})
            case "GET", ["messages"]:
                _require_reading(granted)
                return _look({"value": self._found(asked, "")})
        raise Objection(404, "ResourceNotFound", f"{asked.method} {rest} is not known.")

    def _require_access(self, owner: str, *, is_application: bool) -> None:
        if not self.has_mailbox:
            text = "The mailbox is either inactive, soft-deleted, or is hosted on-premise."
            raise Objection(404, "MailboxNotEnabledForRESTAPI", text)
        rights = self.shared.get(owner, set())
        if owner != self.account and not is_application and "full_access" not in rights:
            raise Objection(403, "ErrorAccessDenied", "Access is denied. Check credentials.")

    def _profile(self, asked: Asked, granted: frozenset[str]) -> Doing:
        _require(granted, "user.read")
        query = parse_qs(asked.target.query)
        if set(query) != {"$select"}:
            raise Objection(400, "BadRequest", "$select is expected")
        fields = query["$select"][0].split(",")
        return _look({name: self.profile.get(name) for name in fields})

    def _send_mail(self, asked: Asked, owner: str) -> Doing:
        if asked.headers.get("content-type") == "text/plain":
            sent = from_mime(asked.body, owner)
        else:
            told = read_json(asked)
            self._oracle("sendMail", told)
            sent = request_of(told, owner).as_sent("json")
        return self._sending(sent)

    def _sending(self, sent: Sent, draft_id: str = "") -> Doing:
        if not sent.recipients:
            raise Objection(400, "ErrorInvalidRecipients", "At least one recipient is needed.")
        if sent.sender != sent.mailbox and "send_as" not in self.shared.get(sent.sender, set()):
            text = "The user account which was used to submit this request does not have the right"
            raise Objection(403, "ErrorSendAsDenied", f"{text} to send mail as {sent.sender}.")
        if sent.size > self.message_limit:
            text = "The message exceeds the maximum supported size."
            raise Objection(413, "ErrorMessageSizeExceeded", text)
        headers = {"request-id": secrets.token_hex(8)}
        return "SEND", reply(202, headers=headers), lambda: self._take(sent, draft_id)

    def _take(self, sent: Sent, draft_id: str) -> None:
        with self._lock:
            self.drafts.pop(draft_id, None)
            self.sent.append(sent)
            self._filed.append(
                f"<{secrets.token_hex(8)}@prod.outlook.com>" if self.renames else sent.message_id
            )
        self.ledger.keep(sent.message_id, list(sent.recipients))

    def _write(self, asked: Asked, owner: str) -> Doing:
        if asked.headers.get("prefer") != 'IdType="ImmutableId"':
            raise Objection(400, "BadRequest", "an immutable id is expected")
        told = read_json(asked)
        self._oracle("message", told)
        draft = draft_of(told, owner)
        draft_id = f"AAk{secrets.token_urlsafe(12)}="
        given = f"<{secrets.token_hex(8)}@prod.outlook.com>" if self.renames else draft.message_id
        answer = {"id": draft_id, "isDraft": True, "internetMessageId": given}

        def take() -> None:
            self.drafts[draft_id] = draft

        return "DRAFT", reply(201, answer), take

    def _on_draft(self, asked: Asked, mailbox: str, draft_id: str, action: list[str]) -> Doing:
        draft = self.drafts.get(draft_id)
        if draft is None:
            raise Objection(404, "ErrorItemNotFound", "The object was not found in the store.")
        match asked.method, action:
            case "POST", ["send"]:
                if asked.body or asked.headers.get("content-length") != "0":
                    raise Objection(400, "BadRequest", "no body is expected")
                return self._sending(draft.as_sent("draft"), draft_id)
            case "DELETE", []:
                return "DELETE", reply(204), lambda: self._forget(draft_id)
            case "PATCH", []:
                told = read_json(asked)
                self._oracle("message", told)
                return "DRAFT", reply(200, {"id": draft_id}), lambda: draft.change(told)
            case "POST", ["attachments"]:
                told = read_json(asked)
                self._oracle("attachment", told)
                file = file_of(told)
                return "ATTACH", reply(201, {"id": "1"}), lambda: draft.files.append(file)
            case "POST", ["attachments", "createUploadSession"]:
                return self._begin_upload(asked, draft_id)
        raise Objection(404, "ResourceNotFound", f"{asked.method} {mailbox} is not known.")

    def _forget(self, draft_id: str) -> None:
        del self.drafts[draft_id]

    def _begin_upload(self, asked: Asked, draft_id: str) -> Doing:
        told = read_json(asked)
        self._oracle("upload", told)
        file, size = upload_of(told)
        if size < SMALLEST_UPLOAD:
            name = "ErrorAttachmentSizeShouldNotBeLessThanMinimumSize"
            raise Objection(400, name, "Attachment size is too small.")
        if size > LARGEST_FILE:
            raise Objection(413, "ErrorAttachmentSizeLimitExceeded", "The file is too large.")
        session = secrets.token_hex(8)
        answer = {
            "uploadUrl": f"{self.upload_host or self.url}/uploads/{session}?authtoken=of-upload",
            "expirationDateTime": "2099-01-01T00:00:00Z",
            "nextExpectedRanges": ["0-"],
        }

        def take() -> None:
            self._uploads[session] = (draft_id, file, bytearray(size))

        return "ATTACH", reply(201, answer), take

    def _upload(self, asked: Asked) -> Doing:
        session = asked.path.removeprefix("/uploads/")
        if asked.method != "PUT" or session not in self._uploads:
            raise Objection(404, "ErrorItemNotFound", "There is no such upload.")
        if "authorization" in asked.headers:
            raise Objection(401, "InvalidAuthenticationToken", "no Authorization is expected")
        draft_id, file, content = self._uploads[session]
        start, end = _range(asked, len(content))
        if start != file.received:
            raise Objection(416, "InvalidRange", f"octet {file.received} is expected next")

        def take() -> None:
            content[start:end] = asked.body
            file.received = end
            if end == len(content):
                file.content = bytes(content)
                self.drafts[draft_id].files.append(file)
                del self._uploads[session]

        if end < len(content):
            return "UPLOAD", reply(200, {"nextExpectedRanges": [f"{end}-"]}), take
        return "UPLOAD", reply(201, headers={"Location": f"{self.url}/attachments/1"}), take

    def _found(self, asked: Asked, folder: str) -> list[dict[str, Any]]:
        query = {name: values[0] for name, values in parse_qs(asked.target.query).items()}
        wanted = _FILTER.fullmatch(query.pop("$filter", ""))
        if not wanted or set(query) - {"$select", "$top"}:
            raise Objection(400, "ErrorInvalidUrlQuery", "this query is not understood")
        message_id = wanted[1].replace("''", "'")
        with self._lock:
            sent = [("1", False) for each in self._filed if each == message_id]
            drafts = [
                (draft_id, True)
                for draft_id, draft in self.drafts.items()
                if draft.message_id == message_id
            ]
        found = {"sentitems": sent, "drafts": drafts}.get(folder, sent + drafts)
        return [
            {"id": each, "isDraft": is_draft, "internetMessageId": message_id}
            for each, is_draft in found
        ]


def _step_of(asked: Asked) -> str:
    """The step of a request that is refused."""
    if asked.path.lower().endswith(("/sendmail", "/send")):
        return "SEND"
    if asked.path.endswith(("/attachments", "/createUploadSession")):
        return "ATTACH"
    return {"GET": "LOOK", "PUT": "UPLOAD", "DELETE": "DELETE"}.get(asked.method, "DRAFT")


def _range(asked: Asked, size: int) -> tuple[int, int]:
    found = re.fullmatch(r"bytes (\d+)-(\d+)/(\d+)", asked.headers.get("content-range", ""))
    if not found or asked.headers.get("content-type") != "application/octet-stream":
        raise Objection(400, "BadRequest", "Content-Range and octets are expected")
    start, end = int(found[1]), int(found[2]) + 1
    is_last = end == size
    if int(found[3]) != size or end - start != len(asked.body) or end > size:
        raise Objection(416, "InvalidRange", "the range is not that of the content")
    if len(asked.body) >= REQUEST_LIMIT or (len(asked.body) % PIECE_UNIT and not is_last):
        raise Objection(400, "BadRequest", "pieces are multiples of 320 KiB below 4 MB")
    return start, end


def _look(told: object) -> Doing:
    return "LOOK", reply(200, told), lambda: None


def _require(granted: frozenset[str], *wanted: str) -> None:
    if not granted & set(wanted):
        raise Objection(403, "ErrorAccessDenied", "Access is denied. Check credentials.")


def _require_writing(granted: frozenset[str]) -> None:
    _require(granted, "mail.readwrite", "mail.readwrite.shared")


def _require_reading(granted: frozenset[str]) -> None:
    _require(granted, "mail.read", "mail.readwrite", "mail.readwrite.shared")
