"""What the local Graph makes of the JSON and the MIME that it is given; all else is refused."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses
from typing import Any

from tests.servers.http_wire import Asked

_PROPERTY = re.compile(
    r"String (?:0x10(?:39|42|45)"
    r"|\{00020386-0000-0000-C000-000000000046\} Name [A-Za-z][A-Za-z0-9-]*)"
)
_FIELDS = {
    *("subject", "body", "toRecipients", "ccRecipients", "bccRecipients", "replyTo", "from"),
    *("internetMessageId", "internetMessageHeaders", "singleValueExtendedProperties"),
    "attachments",
}


class Objection(Exception):  # noqa: N818 - the request was wrong, not the server
    """This request is not as it must be."""

    def __init__(self, status: int, name: str, text: str) -> None:
        super().__init__(text)
        self.status, self.name = status, name


@dataclass
class File:
    """A file of a message. `received` counts what an upload has brought so far."""

    name: str
    content_type: str
    content: bytes
    cid: str
    is_inline: bool
    received: int = 0


@dataclass(frozen=True)
class Sent:
    """A message as its recipients got it, and who they are. `mime` is it as it came, if so."""

    way: str
    mailbox: str
    sender: str
    recipients: tuple[str, ...]
    message_id: str
    told: Mapping[str, Any] = field(default_factory=dict)
    files: tuple[File, ...] = ()
    mime: bytes = b""

    @property
    def size(self) -> int:
        return len(self.mime) + sum(len(file.content) for file in self.files)

    @property
    def html(self) -> str:
        body = self.told["body"]
        return str(body["content"]) if body["contentType"] == "html" else ""

    @property
    def text(self) -> str:
        body = self.told["body"]
        return str(body["content"]) if body["contentType"] == "text" else ""

    @property
    def shown(self) -> str:
        """All that a recipient can see of a message in JSON, but the files."""
        return json.dumps({name: self.told[name] for name in self.told if name[:3] != "bcc"})

    def names(self, field_name: str) -> list[tuple[str, str]]:
        """The names and addresses of a field."""
        entries = [each["emailAddress"] for each in self.told.get(field_name, [])]
        return [(entry.get("name", ""), entry["address"]) for entry in entries]


@dataclass
class Draft:
    """A message that is not sent."""

    mailbox: str
    told: dict[str, Any]
    files: list[File]

    @property
    def message_id(self) -> str:
        return str(self.told.get("internetMessageId", ""))

    def change(self, told: Mapping[str, Any]) -> None:
        _require_fields(told)
        self.told |= told

    def as_sent(self, way: str) -> Sent:
        fields = ("toRecipients", "ccRecipients", "bccRecipients")
        named = [each for name in fields for each in self.told.get(name, [])]
        recipients = [each["emailAddress"]["address"] for each in named]
        if len(set(recipients)) != len(recipients):
            raise Objection(400, "ErrorInvalidRecipients", "a recipient is named twice")
        sender = self.told.get("from", {}).get("emailAddress", {}).get("address", self.mailbox)
        return Sent(
            way=way,
            mailbox=self.mailbox,
            sender=sender,
            recipients=tuple(recipients),
            message_id=self.message_id,
            told=dict(self.told),
            files=tuple(self.files),
        )


def read_json(asked: Asked) -> dict[str, Any]:
    """The object of a request."""
    if asked.headers.get("content-type") != "application/json" or asked.target.query:
        raise Objection(400, "BadRequest", "JSON is expected, and no query")
    try:
        told = json.loads(asked.body)
    except ValueError as wrong:
        raise Objection(400, "BadRequest", "Unable to read JSON request payload.") from wrong
    if not isinstance(told, dict):
        raise Objection(400, "BadRequest", "an object is expected")
    return told


def request_of(told: Mapping[str, Any], owner: str) -> Draft:
    """The message of a sendMail."""
    if set(told) != {"message", "saveToSentItems"} or told["saveToSentItems"] is not True:
        raise Objection(400, "BadRequest", "message and saveToSentItems are expected")
    return draft_of(told["message"], owner)


def draft_of(told: Mapping[str, Any], owner: str) -> Draft:
    """A message in JSON, each field of which is as its resource type says."""
    _require_fields(told)
    body = told.get("body")
    if not isinstance(body, dict) or set(body) != {"contentType", "content"}:
        raise Objection(400, "ErrorInvalidArgument", "the body is not as it must be")
    if body["contentType"] not in ("html", "text"):
        raise Objection(400, "ErrorInvalidArgument", "the body is html or text")
    return Draft(owner, dict(told), [file_of(each) for each in told.get("attachments", [])])


def file_of(told: Mapping[str, Any]) -> File:
    """A whole fileAttachment."""
    known = {"@odata.type", "name", "contentType", "isInline", "contentBytes", "contentId"}
    if set(told) - known or told.get("@odata.type") != "#microsoft.graph.fileAttachment":
        raise Objection(400, "ErrorInvalidAttachment", "this is no fileAttachment")
    try:
        content = base64.b64decode(told["contentBytes"], validate=True)
    except (KeyError, binascii.Error) as wrong:
        raise Objection(400, "ErrorInvalidAttachment", "contentBytes is no base64") from wrong
    return _file(told, content)


def upload_of(told: Mapping[str, Any]) -> tuple[File, int]:
    """The file that an upload announces, and its size."""
    item = told.get("AttachmentItem")
    known = {"attachmentType", "name", "contentType", "isInline", "size", "contentId"}
    if set(told) != {"AttachmentItem"} or not isinstance(item, dict) or set(item) - known:
        raise Objection(400, "ErrorInvalidAttachment", "AttachmentItem is expected")
    if item.get("attachmentType") != "file" or not isinstance(item.get("size"), int):
        raise Objection(400, "ErrorInvalidAttachment", "a file and its size are expected")
    return _file(item, b""), item["size"]


def from_mime(body: bytes, owner: str) -> Sent:
    """Whom a message in MIME goes to. Its From is not heeded, and of Bcc nobody sees anything."""
    try:
        octets = base64.b64decode(body, validate=True)
    except binascii.Error as wrong:
        name = "ErrorMimeContentInvalidBase64String"
        raise Objection(400, name, "Invalid base64 string for MIME content.") from wrong
    read = message_from_bytes(octets, policy=policy.default)
    assert isinstance(read, EmailMessage)
    if any(part.defects for part in read.walk()) or not read["Message-ID"]:
        raise Objection(400, "ErrorMimeContentInvalid", "The MIME content is invalid.")
    lines = [str(line) for name in ("To", "Cc", "Bcc") for line in read.get_all(name, [])]
    recipients = dict.fromkeys(address for _, address in getaddresses(lines) if "@" in address)
    message_id = str(read["Message-ID"])
    return Sent("mime", owner, owner, tuple(recipients), message_id, mime=octets)


def _file(told: Mapping[str, Any], content: bytes) -> File:
    texts = [told.get("name"), told.get("contentType"), told.get("contentId", "")]
    if not all(isinstance(text, str) for text in texts) or not told["name"]:
        raise Objection(400, "ErrorInvalidAttachment", "name and contentType are expected")
    if not isinstance(told.get("isInline"), bool) or (told["isInline"] and not texts[2]):
        raise Objection(400, "ErrorInvalidAttachment", "isInline goes with a contentId")
    name, content_type, cid = map(str, texts)
    return File(name, content_type, content, cid, told["isInline"])


def _require_fields(told: Mapping[str, Any]) -> None:
    unknown = set(told) - _FIELDS
    if unknown:
        raise Objection(400, "BadRequest", f"unknown fields: {', '.join(sorted(unknown))}")
    named = ("toRecipients", "ccRecipients", "bccRecipients", "replyTo")
    for recipient in [each for name in named for each in told.get(name, [])]:
        _require_recipient(recipient)
    if "from" in told:
        _require_recipient(told["from"])
    _require_headers(told.get("internetMessageHeaders", []))
    for each in told.get("singleValueExtendedProperties", []):
        if set(each) != {"id", "value"} or not _PROPERTY.fullmatch(each["id"]):
            raise Objection(400, "ErrorInvalidProperty", f"{each.get('id')} is no property")


def _require_recipient(told: object) -> None:
    address = told.get("emailAddress") if isinstance(told, dict) else None
    if not isinstance(address, dict) or set(address) - {"name", "address"}:
        raise Objection(400, "ErrorInvalidRecipients", "a recipient is not as it must be")
    if not re.fullmatch(r"\S+@\S+|\".+\"@\S+", address.get("address", "")):
        raise Objection(400, "ErrorInvalidRecipients", "a recipient has no address")


def _require_headers(told: Sequence[Mapping[str, str]]) -> None:
    if len(told) > 5:
        raise Objection(400, "ErrorInvalidInternetHeader", "at most five headers are taken")
    for each in told:
        if set(each) != {"name", "value"} or not each["name"].lower().startswith("x-"):
            text = f"The internet message header name '{each.get('name')}' should start with x-."
            raise Objection(400, "InvalidInternetMessageHeader", text)
