"""A letter as Graph is told of it in JSON.

learn.microsoft.com/graph/api/resources/message
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from typing import Any

from outtray.mail.address import Address, NamedAddress
from outtray.mail.envelope import Envelope
from outtray.transports.graph.letter import File, Letter

Json = Mapping[str, Any]

MOST_HEADERS = 5  # learn.microsoft.com/graph/api/resources/internetmessageheader
# MS-OXPROPS, PidTagInternetReferences, PidTagInReplyToId and PidTagListUnsubscribe: MIME
# writers make these headers from properties of their own, and from no others.
_PLACES: Mapping[str, str] = {
    "references": "String 0x1039",
    "in-reply-to": "String 0x1042",
    "list-unsubscribe": "String 0x1045",
}
# MS-OXPROPS, PS_INTERNET_HEADERS: a property of this set is written as a header of its name.
_INTERNET_HEADERS = "{00020386-0000-0000-C000-000000000046}"


def message(
    letter: Letter, envelope: Envelope, *, sender: Address | None, with_files: bool = True
) -> Json:
    """The message for exactly the envelope's recipients: those whom its headers do not name get
    a blind copy, and those who are not in the envelope are not named.

    With a `sender` it is sent as that address, else as the account itself.
    """
    told: dict[str, Any] = {
        "subject": letter.subject,
        "body": _body(letter),
        **_recipients(letter, envelope),
        **_headers(letter),
    }
    if letter.message_id:
        told["internetMessageId"] = letter.message_id
    if letter.reply_to:
        told["replyTo"] = [_named(each) for each in letter.reply_to]
    if sender:
        told["from"] = _named(NamedAddress("", sender))
    if with_files and letter.files:
        told["attachments"] = [attachment(file) for file in letter.files]
    return told


def attachment(file: File) -> Json:
    """A file whole, for one request."""
    told: dict[str, Any] = {
        "@odata.type": "#microsoft.graph.fileAttachment",
        "name": file.name,
        "contentType": file.content_type,
        "isInline": file.is_inline,
        "contentBytes": base64.b64encode(file.content).decode(),
    }
    return told | ({"contentId": file.cid} if file.cid else {})


def upload(file: File) -> Json:
    """A file announced, whose content follows piece by piece."""
    told: dict[str, Any] = {
        "attachmentType": "file",
        "name": file.name,
        "contentType": file.content_type,
        "isInline": file.is_inline,
        "size": len(file.content),
    }
    return {"AttachmentItem": told | ({"contentId": file.cid} if file.cid else {})}


def octets(told: Json) -> bytes:
    """As it goes over the line."""
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def _body(letter: Letter) -> Json:
    if letter.html:
        return {"contentType": "html", "content": letter.html}
    return {"contentType": "text", "content": letter.text}


def _recipients(letter: Letter, envelope: Envelope) -> Json:
    left = {address.key: address for address in envelope.recipients}
    told: dict[str, Any] = {
        "toRecipients": list(_placed(letter.heads.to, left)),
        "ccRecipients": list(_placed(letter.heads.cc, left)),
    }
    told["bccRecipients"] = [_named(NamedAddress("", address)) for address in left.values()]
    return told


def _placed(named: tuple[NamedAddress, ...], left: dict[str, Address]) -> Iterator[Json]:
    """Those of them that are still to be placed, with their names, and as the envelope has them."""
    for each in named:
        address = left.pop(each.address.key, None)
        if address:
            yield _named(NamedAddress(each.name, address))


def _named(each: NamedAddress) -> Json:
    address = {"address": str(each.address)}
    return {"emailAddress": address | ({"name": each.name} if each.name else {})}


def _headers(letter: Letter) -> Json:
    """Each name once: of several headers of one name the first."""
    once = {name.lower(): (name, value) for name, value in reversed(letter.headers)}
    headers = [once[name.lower()] for name in dict(letter.headers)]
    own = [(name, value) for name, value in headers if name.lower().startswith("x-")]
    native = own[:MOST_HEADERS]
    others = [each for each in headers if each not in native]
    told: dict[str, Any] = {}
    if native:
        told["internetMessageHeaders"] = [{"name": name, "value": value} for name, value in native]
    if others:
        told["singleValueExtendedProperties"] = [_property(*each) for each in others]
    return told


def _property(name: str, value: str) -> Json:
    usual = f"String {_INTERNET_HEADERS} Name {name}"
    return {"id": _PLACES.get(name.lower(), usual), "value": value}
