"""Letters as programs give them, and what is answered for each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from outtray.api.emails import Refusal
from outtray.api.values import Moment
from outtray.compose.attachments.letter_file import LetterFile
from outtray.compose.by_hand.finished import Finished, Named
from outtray.documents.models import Document
from outtray.lib.errors import Refused

MOST_LETTERS = 100
_MOST_NAMED = 500  # in one list; how many a letter may have together is the outbox's to say

# Twice as fast as the standard library's, and strict.
_BASE64 = TypeAdapter(bytes, config=ConfigDict(val_json_bytes="base64"))


class _Given(BaseModel):
    """Fields with other names are refused: one might be an attachment that was meant."""

    model_config = ConfigDict(extra="forbid")


class Addressed(_Given):
    """An address with the name that people see beside it."""

    address: str = Field(examples=["einkauf@kunde.example"])
    name: str = ""


class AttachmentIn(_Given):
    """A file in base64, and the document that it shows, if it shows one."""

    filename: str = Field(examples=["RE-1.pdf"])
    content_type: str = "application/octet-stream"
    content: str = Field(json_schema_extra={"contentEncoding": "base64"})
    document: UUID | None = None


Somebody = str | Addressed
Everybody = Annotated[list[Somebody], Field(max_length=_MOST_NAMED)]


class LetterIn(_Given):
    """One finished letter.

    Without `text` the text is made from `html`, which is sanitised. `party_name` is shown in
    the Email Queue. Without `reply_to` the mailbox's own holds.
    """

    to: Everybody = []
    cc: Everybody = []
    bcc: Everybody = []
    reply_to: Somebody | None = None
    subject: str
    text: str = ""
    html: str = ""
    party_name: str = ""
    attachments: list[AttachmentIn] = Field([], max_length=100)


class NewLetters(_Given):
    """Letters that go out as they are, all from one mailbox: by default one's own User Email.

    `hold` keeps the emails back until they are released.
    """

    letters: list[LetterIn] = Field(min_length=1, max_length=MOST_LETTERS)
    mailbox: UUID | None = None
    lane: Literal["interactive", "bulk"] = "bulk"
    due_at: Moment | None = None
    not_after: Moment | None = None
    hold: bool = False


class TakenEmail(BaseModel):
    """An email in short. `GET /emails/{id}` tells all of it."""

    id: UUID
    message_id: str
    state: str


class TakenLetter(BaseModel):
    """What became of one letter: an email, or the problem that there is none."""

    email: TakenEmail | None
    problem: Refusal | None


class TakenLetters(BaseModel):
    """What became of each letter, in the order of the request."""

    items: list[TakenLetter]


def finished(letter: LetterIn, documents: Mapping[UUID, Document]) -> Finished:
    """The letter as it is composed from. Raises Refused for what is not base64."""
    return Finished(
        to=[_named(each) for each in letter.to],
        cc=[_named(each) for each in letter.cc],
        bcc=[_named(each) for each in letter.bcc],
        reply_to=_named(letter.reply_to) if letter.reply_to else None,
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        party_name=letter.party_name,
        files=[_file(each, documents) for each in letter.attachments],
    )


def _named(given: Somebody) -> Named:
    return Named(given) if isinstance(given, str) else Named(given.address, given.name)


def _file(given: AttachmentIn, documents: Mapping[UUID, Document]) -> LetterFile:
    document = documents[given.document] if given.document else None
    content, base64 = _decoded(given)
    return LetterFile(given.filename, given.content_type, content, document, base64)


def _decoded(given: AttachmentIn) -> tuple[bytes, str]:
    """The file's bytes, and the same in base64 as it is written in mails."""
    text = given.content
    try:
        content = _BASE64.validate_python(text)
    except ValidationError:
        return _looked_at_again(given), ""
    # The alphabet of URLs, and base64 without its end, are read too.
    is_mime = len(text) % 4 == 0 and "-" not in text and "_" not in text
    return content, text if is_mime else ""


def _looked_at_again(given: AttachmentIn) -> bytes:
    """Many programs break base64 into lines."""
    try:
        return _BASE64.validate_python("".join(given.content.split()))
    except ValidationError as wrong:
        name = given.filename[:100]
        raise Refused("bad_base64", f"The content of {name!r} is not base64.") from wrong
