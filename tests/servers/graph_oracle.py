"""Microsoft's own reader of Graph's JSON, as an oracle: what it does not know is wrong."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

from kiota_serialization_json.json_parse_node_factory import JsonParseNodeFactory
from kiota_serialization_json.json_serialization_writer import JsonSerializationWriter
from msgraph.generated.models.file_attachment import FileAttachment
from msgraph.generated.models.message import Message
from msgraph.generated.users.item.messages.item.attachments.create_upload_session import (
    create_upload_session_post_request_body as upload,
)
from msgraph.generated.users.item.send_mail.send_mail_post_request_body import (
    SendMailPostRequestBody,
)

from tests.servers.graph_mail import Objection

_KINDS: Mapping[str, Any] = {
    "sendMail": SendMailPostRequestBody,
    "message": Message,
    "attachment": FileAttachment,
    "upload": upload.CreateUploadSessionPostRequestBody,
}


@cache
def oracle() -> Callable[[str, Any], None]:
    """`read_by_microsoft`, awake: its first reading takes seconds, which no client waits for."""
    read_by_microsoft("message", {"subject": "Hallo"})
    return read_by_microsoft


def read_by_microsoft(kind: str, told: Any) -> None:
    """Let Microsoft's client read it. Raises Objection for what it does not know, and for values
    that it does not give back as they were."""
    # The metadata, which the client is made from, writes these two with capitals.
    names = {"message": "Message", "saveToSentItems": "SaveToSentItems"}
    if kind == "sendMail":
        told = {names.get(name, name): value for name, value in told.items()}
    node = JsonParseNodeFactory().get_root_parse_node("application/json", json.dumps(told).encode())
    read = node.get_object_value(_KINDS[kind])
    unknown = list(_unknown(read))
    if unknown:
        raise Objection(400, "UnknownToMicrosoft", f"unknown fields: {', '.join(unknown)}")
    writer = JsonSerializationWriter()
    read.serialize(writer)
    given_back = json.loads(writer.get_serialized_content())
    # It always says what a message is; nobody has to.
    for each in (given_back, given_back.get("Message", {})):
        if each.get("@odata.type") == "#microsoft.graph.message":
            del each["@odata.type"]
    if given_back != told:
        raise Objection(400, "UnknownToMicrosoft", f"{told} is read as {given_back}"[:2000])


def _unknown(read: Any) -> Iterator[str]:
    """Fields that no model has, in whatever depth."""
    if isinstance(read, list):
        for each in read:
            yield from _unknown(each)
    store = getattr(read, "backing_store", None)
    if store is None:
        return
    for name, value in store.enumerate_():
        if name == "additional_data":
            yield from value
        else:
            yield from _unknown(value)
