"""What we ask of a mailbox on an Exchange server, each a request by exchangelib.

A request that comes to nothing raises Denied, with what that means; nothing else comes out of
here, however the server answers. Of our modules only this one, `adapter.py` and `denials.py`
need exchangelib.
"""

from __future__ import annotations

import base64
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from exchangelib import DELEGATE, UTC, Account, Q
from exchangelib.fields import FieldPath
from exchangelib.folders import DeletedItems, Drafts, Root, SentItems
from exchangelib.items import ALL_OCCURRENCES, HARD_DELETE, ID_ONLY, SEND_TO_NONE, Message
from exchangelib.properties import DistinguishedFolderId, ItemId, Mailbox
from exchangelib.restriction import Restriction
from exchangelib.services import (
    CreateItem,
    DeleteItem,
    FindItem,
    GetFolder,
    GetItem,
    SendItem,
    UpdateItem,
)
from exchangelib.util import create_element
from exchangelib.version import Version

from outtray.lib.sealing import Secret
from outtray.mail.address import Address
from outtray.transports.base import Stage
from outtray.transports.ews.adapter import forget, protocol_for
from outtray.transports.ews.denials import PROBLEMS, Judge
from outtray.transports.ews.door import Door
from outtray.transports.ews.methods import Method
from outtray.transports.ews.parties import Parties

# Its log would hold whole messages.
logging.getLogger("exchangelib").setLevel(logging.CRITICAL + 1)


@dataclass(frozen=True, slots=True)
class Draft:
    """A message as it lies on the server."""

    item: Any
    parties: Parties | None = None
    is_waiting: bool = False


class Client:
    """One mailbox, over one door, signed in under one name."""

    def __init__(
        self, door: Door, address: Address, method: Method, name: str, secret: Secret
    ) -> None:
        self.door = door
        self._judge = Judge(door, name, secret)
        self._protocol = protocol_for(door, method, name, secret)
        try:
            self._account = Account(
                str(address),
                config=self._protocol.config,
                access_type=DELEGATE,
                default_timezone=UTC,
            )
        finally:
            forget(self._protocol)
        assert self._account.protocol is self._protocol, "the account has our own protocol"
        self._folders = {kind: self._folder(kind) for kind in (Drafts, SentItems, DeletedItems)}

    def sign_in(self) -> str:
        """Log in, once. Answers what the server calls itself."""
        with self._asking("ConvertId", Stage.LOGIN):
            version = Version.guess(self._protocol)
        return f"{version.fullname.removeprefix('Microsoft ')} (build {version.build})"

    def open_mailbox(self) -> None:
        """See that the folders that we need are there and open to us."""
        with self._asking("GetFolder", Stage.MAILBOX):
            service = GetFolder(account=self._account)
            wanted = [self._folders[Drafts], self._folders[SentItems]]
            for found in service.call(folders=wanted, additional_fields=None, shape=ID_ONLY):
                if isinstance(found, Exception):
                    raise found

    def save_draft(self, message: bytes, parties: Parties, *, as_properties: bool) -> Draft:
        """Lay the message down. To and Cc are in it already, unless they are to be properties."""
        seconds = self.door.patience.for_content(len(message))
        with self._asking("CreateItem", Stage.CONTENT, seconds=seconds):
            service = _CreateDraft(account=self._account)
            said = parties if as_properties else parties.hidden
            result = service.create(self._folders[Drafts], message, said)
            return Draft(_id(result.id, result.changekey))

    def look_at(self, draft: Draft) -> Draft:
        """The draft as it lies there now, with its recipients."""
        fields = [*_KINDS.values(), "is_draft", "is_submitted"]
        with self._asking("GetItem", Stage.CONTENT):
            found = GetItem(account=self._account).get(
                items=[draft.item],
                additional_fields=[
                    FieldPath(field=Message.get_field_by_fieldname(name)) for name in fields
                ],
                shape=ID_ONLY,
            )
            parties = Parties(
                **{
                    kind: tuple(_text(mailbox) for mailbox in getattr(found, name) or ())
                    for kind, name in _KINDS.items()
                }
            )
            is_waiting = bool(found.is_draft) and not found.is_submitted
            return Draft(_id(found.id, found.changekey), parties, is_waiting)

    def address(self, draft: Draft, parties: Parties) -> Draft:
        """Put these recipients in place of the draft's."""
        item = Message(account=self._account, id=draft.item.id, changekey=draft.item.changekey)
        for kind, name in _KINDS.items():
            people = [Mailbox(email_address=text) for text in getattr(parties, kind)]
            setattr(item, name, people or None)
        with self._asking("UpdateItem", Stage.CONTENT):
            changed = UpdateItem(account=self._account).get(
                items=[(item, list(_KINDS.values()))],
                conflict_resolution="AlwaysOverwrite",
                message_disposition="SaveOnly",
                send_meeting_invitations_or_cancellations=SEND_TO_NONE,
                suppress_read_receipts=True,
            )
            return Draft(_id(*changed))

    def send(self, draft: Draft) -> None:
        """Send the draft, and keep it in Sent Items."""
        with self._asking("SendItem", Stage.SEND, seconds=self.door.patience.answer):
            SendItem(account=self._account).get(
                items=[draft.item], saved_item_folder=self._folders[SentItems]
            )

    def delete(self, draft: Draft) -> None:
        """Take the draft away for good."""
        with self._asking("DeleteItem", Stage.CONTENT):
            DeleteItem(account=self._account).get(
                items=[draft.item],
                delete_type=HARD_DELETE,
                send_meeting_cancellations=SEND_TO_NONE,
                affected_task_occurrences=ALL_OCCURRENCES,
                suppress_read_receipts=True,
            )

    def find_sent(self, message_id: str) -> Draft | None:
        """The message of that Message-ID in Sent Items, or deleted since."""
        return self._find(SentItems, message_id) or self._find(DeletedItems, message_id)

    def find_draft(self, message_id: str) -> Draft | None:
        """The message of that Message-ID in Drafts."""
        return self._find(Drafts, message_id)

    def close(self) -> None:
        """Hang up. Never raises."""
        self.door.close()

    def _find(self, kind: type, message_id: str) -> Draft | None:
        folder = self._folders[kind]
        wanted = Restriction(
            Q(message_id=message_id), folders=[folder], applies_to=Restriction.ITEMS
        )
        with self._asking("FindItem", Stage.MAILBOX):
            found = FindItem(account=self._account, page_size=1).call(
                folders=[folder],
                additional_fields=None,
                restriction=wanted,
                order_fields=None,
                shape=ID_ONLY,
                query_string=None,
                depth="Shallow",
                calendar_view=None,
                max_items=1,
                offset=0,
            )
            first = next(iter(found), None)
            if isinstance(first, Exception):
                raise first
            return Draft(_id(*first)) if first else None

    def _folder(self, kind: type) -> Any:
        """A folder of this mailbox by its well-known name, without asking for it."""
        mailbox = Mailbox(email_address=self._account.primary_smtp_address)
        root = Root(
            account=self._account,
            _distinguished_id=DistinguishedFolderId(
                id=Root.DISTINGUISHED_FOLDER_ID, mailbox=mailbox
            ),
        )
        known = DistinguishedFolderId(
            id=kind.DISTINGUISHED_FOLDER_ID,  # type: ignore[attr-defined]
            mailbox=mailbox,
        )
        return kind(_distinguished_id=known, root=root)

    @contextmanager
    def _asking(self, deed: str, stage: Stage, *, seconds: float = 0) -> Iterator[None]:
        self.door.last = None
        self.door.note(f"C: {deed}")
        self._protocol.TIMEOUT = seconds or self.door.patience.command
        try:
            yield
        except PROBLEMS as problem:
            denied = self._judge.denied(problem, stage)
            self.door.note(f"-- {denied.failure.text}")
            raise denied from None


class _CreateDraft(CreateItem):  # type: ignore[misc]  # exchangelib has no types
    """Saves a message as nothing but its MIME and recipients: what exchangelib adds by itself,
    such as an importance, would overrule the message's own."""

    def create(self, folder: Any, message: bytes, parties: Parties) -> Any:
        (result,) = self._elems_to_objs(
            self._get_elements(payload=self._payload(folder, message, parties))
        )
        if isinstance(result, Exception):
            raise result
        return result

    def _payload(self, folder: Any, message: bytes, parties: Parties) -> Any:
        payload = create_element("m:CreateItem", attrs={"MessageDisposition": "SaveOnly"})
        saved = create_element("m:SavedItemFolderId")
        saved.append(folder.to_id().to_xml(version=self.account.version))
        item = create_element("t:Message")
        content = create_element("t:MimeContent", attrs={"CharacterSet": "UTF-8"})
        content.text = base64.b64encode(message).decode()
        item.append(content)
        for tag, people in parties.named():
            if people:
                item.append(_people(tag, people))
        items = create_element("m:Items")
        items.append(item)
        payload.extend([saved, items])
        return payload


_KINDS = {"to": "to_recipients", "cc": "cc_recipients", "bcc": "bcc_recipients"}


def _people(tag: str, people: Sequence[str]) -> Any:
    element = create_element(f"t:{tag}")
    for text in people:
        mailbox = create_element("t:Mailbox")
        address = create_element("t:EmailAddress")
        address.text = text
        mailbox.append(address)
        element.append(mailbox)
    return element


def _id(key: str, change_key: str) -> Any:
    if not key:
        raise ValueError("an item without an id")
    return ItemId(key, change_key)


def _text(mailbox: Any) -> str:
    return str(mailbox.email_address or mailbox.name or "")
