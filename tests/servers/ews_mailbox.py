"""A mailbox as the tests' Exchange keeps it, and what it does for each operation of EWS."""

from __future__ import annotations

import base64
import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from enum import Enum
from pathlib import Path
from typing import Any

from lxml import etree

MESSAGES = "http://schemas.microsoft.com/exchange/services/2006/messages"
TYPES = "http://schemas.microsoft.com/exchange/services/2006/types"
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
_NS = {"m": MESSAGES, "t": TYPES, "s": SOAP}
_KINDS = ("ToRecipients", "CcRecipients", "BccRecipients")
_HEADERS = {"ToRecipients": "To", "CcRecipients": "Cc", "BccRecipients": "Bcc"}

SCHEMA = etree.XMLSchema(etree.parse(Path(__file__).parent / "ews_schema" / "soap.xsd"))


class Recipients(Enum):
    """What a server does with recipients that are told besides the MIME."""

    OVERRIDE = "override"
    APPEND = "append"
    APPEND_ALWAYS = "append always"


@dataclass(slots=True)
class Item:
    """A message in a folder."""

    mime: bytes
    recipients: dict[str, list[str]]
    folder: str = "drafts"
    is_submitted: bool = False

    @property
    def message_id(self) -> str:
        return str(message_from_bytes(self.mime, policy=policy.default)["Message-ID"])


@dataclass(frozen=True, slots=True)
class Sent:
    """What has left, to whom."""

    mime: bytes
    recipients: Mapping[str, list[str]]

    @property
    def everybody(self) -> list[str]:
        return [address for kind in _KINDS for address in self.recipients[kind]]


class Refuses(Exception):  # noqa: N818
    """An answer with a ResponseCode."""

    def __init__(self, code: str, text: str = "No.") -> None:
        super().__init__(text)
        self.code = code


@dataclass
class EwsMailbox:
    """Folders and items. `takes`: addresses other than this one do not exist."""

    address: str
    keeps: Recipients = Recipients.OVERRIDE
    items: dict[str, Item] = field(default_factory=dict)
    sent: list[Sent] = field(default_factory=list)
    _numbers: Any = field(default_factory=lambda: itertools.count(1))

    def in_folder(self, name: str) -> list[Item]:
        return [item for item in self.items.values() if item.folder == name]

    def file(self, mime: bytes, folder: str = "sentitems") -> None:
        """Put a message there, as a server does that has sent it."""
        self._add(Item(mime, {kind: [] for kind in _KINDS}, folder))

    def do(self, operation: str, request: Any) -> str:
        """The response messages of an operation, as XML."""
        for mailbox in request.iterfind(".//t:DistinguishedFolderId/t:Mailbox/t:EmailAddress", _NS):
            if mailbox.text.lower() != self.address.lower():
                raise Refuses("ErrorNonExistentMailbox", "The mailbox does not exist.")
        deeds: Mapping[str, Callable[[Any], str]] = {
            "ConvertId": self._convert_id,
            "GetFolder": self._get_folder,
            "CreateItem": self._create_item,
            "GetItem": self._get_item,
            "UpdateItem": self._update_item,
            "SendItem": self._send_item,
            "DeleteItem": self._delete_item,
            "FindItem": self._find_item,
        }
        return deeds[operation](request)

    def _convert_id(self, _: Any) -> str:
        raise Refuses("ErrorInvalidIdMalformed", "Id is malformed.")

    def _get_folder(self, request: Any) -> str:
        names = [
            element.get("Id") for element in request.iterfind(".//t:DistinguishedFolderId", _NS)
        ]
        folders = (
            f'<m:Folders><t:Folder><t:FolderId Id="{n}" ChangeKey="1"/></t:Folder></m:Folders>'
            for n in names
        )
        return "".join(success("GetFolder", folder) for folder in folders)

    def _create_item(self, request: Any) -> str:
        assert request.get("MessageDisposition") == "SaveOnly"
        message = request.find("m:Items/t:Message", _NS)
        mime = base64.b64decode(message.findtext("t:MimeContent", namespaces=_NS))
        item = Item(mime, _of_headers(mime))
        for kind in _KINDS:
            element = message.find(f"t:{kind}", _NS)
            if element is not None:
                self._put(item, kind, _people(element))
        return success("CreateItem", f"<m:Items><t:Message>{self._add(item)}</t:Message></m:Items>")

    def _get_item(self, request: Any) -> str:
        key, item = self._wanted(request)
        is_draft = str(item.folder == "drafts").lower()
        is_submitted = str(item.is_submitted).lower()
        people = "".join(
            f"<t:{kind}>{''.join(map(_mailbox, item.recipients[kind]))}</t:{kind}>"
            for kind in _KINDS
            if item.recipients[kind]
        )
        return success(
            "GetItem",
            f"<m:Items><t:Message>{_item_id(key)}<t:IsSubmitted>{is_submitted}</t:IsSubmitted>"
            f"<t:IsDraft>{is_draft}</t:IsDraft>{people}</t:Message></m:Items>",
        )

    def _update_item(self, request: Any) -> str:
        key, item = self._wanted(request)
        for change in request.iterfind(".//t:Updates/*", _NS):
            kind = change.find("t:FieldURI", _NS).get("FieldURI").partition(":")[2]
            told = change.find(f"t:Message/t:{kind}", _NS)
            people = _people(told) if told is not None else []
            if self.keeps is Recipients.APPEND_ALWAYS:
                self._put(item, kind, people)
            else:
                item.recipients[kind] = people
        body = f"<m:Items><t:Message>{_item_id(key)}</t:Message></m:Items>"
        conflicts = "<m:ConflictResults><t:Count>0</t:Count></m:ConflictResults>"
        return success("UpdateItem", body + conflicts)

    def _send_item(self, request: Any) -> str:
        key, item = self._wanted(request)
        if not any(item.recipients.values()):
            raise Refuses("ErrorMissingRecipients", "At least one recipient is missing.")
        del self.items[key]
        self.sent.append(Sent(item.mime, item.recipients))
        if request.get("SaveItemToFolder") == "true":
            item.folder = "sentitems"
            self._add(item)
        return success("SendItem", "")

    def _delete_item(self, request: Any) -> str:
        key, _ = self._wanted(request)
        del self.items[key]
        return success("DeleteItem", "")

    def _find_item(self, request: Any) -> str:
        folder = request.find("m:ParentFolderIds/t:DistinguishedFolderId", _NS).get("Id")
        wanted = request.find(".//t:Constant", _NS).get("Value")
        keys = [
            key
            for key, item in self.items.items()
            if item.folder == folder and item.message_id == wanted
        ]
        found = "".join(f"<t:Message>{_item_id(key)}</t:Message>" for key in keys)
        return success(
            "FindItem",
            f'<m:RootFolder TotalItemsInView="{len(keys)}" IncludesLastItemInRange="true" '
            f'IndexedPagingOffset="{len(keys)}"><t:Items>{found}</t:Items></m:RootFolder>',
        )

    def _wanted(self, request: Any) -> tuple[str, Item]:
        key = request.find(".//t:ItemId", _NS).get("Id")
        if key not in self.items:
            raise Refuses("ErrorItemNotFound", "The object was not found in the store.")
        return key, self.items[key]

    def _add(self, item: Item) -> str:
        key = f"AAMk{next(self._numbers):06d}="
        self.items[key] = item
        return _item_id(key)

    def _put(self, item: Item, kind: str, people: list[str]) -> None:
        if self.keeps is Recipients.OVERRIDE:
            item.recipients[kind] = people
        else:
            item.recipients[kind] += people


def success(operation: str, body: str) -> str:
    """A response message of that operation."""
    return (
        f'<m:{operation}ResponseMessage ResponseClass="Success"><m:ResponseCode>NoError'
        f"</m:ResponseCode>{body}</m:{operation}ResponseMessage>"
    )


def refusal(operation: str, code: str, text: str) -> str:
    """A response message that says no."""
    return (
        f'<m:{operation}ResponseMessage ResponseClass="Error"><m:MessageText>{text}'
        f"</m:MessageText><m:ResponseCode>{code}</m:ResponseCode>"
        f"<m:DescriptiveLinkKey>0</m:DescriptiveLinkKey></m:{operation}ResponseMessage>"
    )


def _of_headers(mime: bytes) -> dict[str, list[str]]:
    message = message_from_bytes(mime, policy=policy.default)
    return {
        kind: [
            address.addr_spec
            for header in message.get_all(name, [])
            for address in header.addresses
        ]
        for kind, name in _HEADERS.items()
    }


def _people(element: Any) -> list[str]:
    return [found.text for found in element.iterfind("t:Mailbox/t:EmailAddress", _NS)]


def _mailbox(address: str) -> str:
    return (
        f"<t:Mailbox><t:Name>{address}</t:Name><t:EmailAddress>{address}</t:EmailAddress>"
        "<t:RoutingType>SMTP</t:RoutingType><t:MailboxType>OneOff</t:MailboxType></t:Mailbox>"
    )


def _item_id(key: str) -> str:
    return f'<t:ItemId Id="{key}" ChangeKey="CQAA"/>'
