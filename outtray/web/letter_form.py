"""The form of a letter that a person writes, and how it becomes a draft or a letter."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, Literal
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from outtray.compose.attachments.check import LIMITS, type_of
from outtray.compose.attachments.letter_file import LetterFile
from outtray.compose.by_hand.begin import ByHand
from outtray.compose.by_hand.drafts import MAX_HTML, Begun
from outtray.compose.by_hand.models import Draft
from outtray.compose.rules.recipients import Addressee, without_duplicates
from outtray.compose.templates.choice import BUILT_IN
from outtray.documents.languages import LANGUAGES
from outtray.lib.errors import Refused
from outtray.mail.address import NamedAddress
from outtray.web.address_lists import AddressListField
from outtray.web.identifiers import uuid_or_none, uuids
from outtray.web.sending import SendingForm, sender_of
from outtray.web.uploads import FilesField

KINDS: tuple[Literal["to", "cc", "bcc"], ...] = ("to", "cc", "bcc")


class OneAddressField(AddressListField):
    """One address as NamedAddress, or None."""

    def clean(self, value: object) -> Any:
        found = super().clean(value)
        if len(found) > 1:
            raise ValidationError("Answers go to one address.")
        return found[0] if found else None


class LetterForm(SendingForm):
    """A letter as a person edits it. `problem` is what kept it from being filled."""

    problem: Refused | None = None

    to = AddressListField(label="To")
    cc = AddressListField(label="Cc", required=False)
    bcc = AddressListField(label="Bcc", required=False)
    reply_to = OneAddressField(label="Answers go to", required=False, max_length=500)
    template = forms.ChoiceField(label="Email Template", required=False)
    layout = forms.ChoiceField(label="Document", required=False)
    language = forms.ChoiceField(
        label="Language", required=False, choices=[("", "As settled"), *LANGUAGES.items()]
    )
    subject = forms.CharField(label="Subject", max_length=500)
    body = forms.CharField(label="Text", max_length=MAX_HTML, widget=forms.HiddenInput)
    more = FilesField(label="Attachments", required=False, help_text=LIMITS)
    documents = forms.CharField(required=False, max_length=2000, widget=forms.HiddenInput)
    party = forms.UUIDField(required=False, widget=forms.HiddenInput)
    resend_of = forms.UUIDField(required=False, widget=forms.HiddenInput)
    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, max_length=64)

    def offer_templates(self, choices: Sequence[tuple[str, str]]) -> None:
        """Let the person choose among these templates."""
        field = self.fields["template"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "As settled"), *choices, (str(BUILT_IN), "The built-in one")]

    def offer_layouts(self, choices: Sequence[tuple[str, str]]) -> None:
        """Let the person choose among these PDF layouts."""
        field = self.fields["layout"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "As settled"), *choices]

    @property
    def document_ids(self) -> list[UUID]:
        """Of the documents that go along, as the form names them."""
        return uuids([self._text("documents")])

    @property
    def party_id(self) -> UUID | None:
        """Whom a letter without documents is for."""
        return uuid_or_none(self._text("party"))

    @property
    def draft_version(self) -> int:
        """The version of the draft that the page shows; 0 before there is one."""
        text = self._text("version")
        return int(text) if text.isdecimal() and len(text) < 10 else 0

    @property
    def fingerprint(self) -> str:
        """The same for the same letter, sent at the same time."""
        asked = self.begun(), self._text("timing"), self._text("at"), self._text("again")
        return hashlib.sha256(repr(asked).encode()).hexdigest()

    def begun(self) -> Begun:
        """All that stands in it, right or wrong."""
        mailbox = sender_of(self.mailboxes, self._text("sender"))
        return Begun(
            documents=tuple(self.document_ids),
            party_id=self.party_id,
            mailbox_id=mailbox.pk if mailbox else None,
            to=self._text("to"),
            cc=self._text("cc"),
            bcc=self._text("bcc"),
            reply_to=self._text("reply_to")[:500],
            subject=self._text("subject")[:500],
            html=self._text("body"),
            language=self._text("language")[:2],
            template=self._text("template")[:36],
            layout=self._text("layout")[:36],
            resend_of=uuid_or_none(self._text("resend_of")),
        )

    def by_hand(
        self, *, everybody: Sequence[Addressee], files: Sequence[LetterFile], party_name: str
    ) -> ByHand:
        """What is right of it, as a letter is made from it."""
        given = self.cleaned_data
        return ByHand(
            recipients=everybody,
            subject=given.get("subject") or "",
            html=given.get("body") or "",
            reply_to=given.get("reply_to"),
            files=files,
            language=given.get("language") or None,
            template=uuid_or_none(given.get("template")),
            layout=uuid_or_none(given.get("layout")),
            party_name=party_name,
        )

    def addresses(self) -> list[tuple[Literal["to", "cc", "bcc"], NamedAddress]]:
        """All addresses that could be read."""
        return [(kind, named) for kind in KINDS for named in self.cleaned_data.get(kind) or ()]

    def uploaded(self) -> list[LetterFile]:
        """Files that came with the form itself, from a browser without scripts."""
        return [letter_file(each) for each in self.cleaned_data.get("more") or ()]

    def _text(self, name: str) -> str:
        """As it was given; without that, as the form began."""
        given = self.data.get(name) if self.is_bound else self.initial.get(name)
        return str(given or "").replace("\x00", "")


def initial_of(draft: Draft) -> Mapping[str, object]:
    """The form as a draft left it."""
    return {
        "sender": str(draft.mailbox_id or ""),
        "to": draft.to,
        "cc": draft.cc,
        "bcc": draft.bcc,
        "reply_to": draft.reply_to,
        "subject": draft.subject,
        "body": draft.html,
        "language": draft.language,
        "template": draft.template,
        "layout": draft.layout,
        "documents": ",".join(draft.documents),
        "party": str(draft.party_id or ""),
        "resend_of": str(draft.resend_of or ""),
        "version": draft.version,
        "timing": "now",
    }


def letter_file(upload: UploadedFile[Any]) -> LetterFile:
    """A file that was sent up. What it is follows from its name, not from the browser."""
    name = upload.name or "attachment"
    return LetterFile(name, type_of(name), upload.read())


def addressees(
    addresses: Sequence[tuple[Literal["to", "cc", "bcc"], NamedAddress]],
    reasons: Mapping[str, str],
) -> tuple[Addressee, ...]:
    """Each address once, with its reason."""
    return without_duplicates(
        [Addressee(kind, named, reasons[named.address.key]) for kind, named in addresses]
    )
