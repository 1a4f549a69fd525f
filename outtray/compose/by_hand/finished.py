"""A letter that a program wrote itself: checked, and otherwise sent as it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from outtray.compose.attachments.check import check_files
from outtray.compose.attachments.letter_file import LetterFile
from outtray.compose.facts import one_line
from outtray.compose.filling.editing import as_text, sanitised
from outtray.compose.letter import MAX_SUBJECT, Letter
from outtray.compose.rules.recipients import Addressee, without_duplicates
from outtray.lib.errors import Refused
from outtray.mail.address import (
    Address,
    AddressError,
    NamedAddress,
    has_control_character,
    is_invisible,
)

MAX_TEXT = 500_000  # characters
_MAX_NAME = 200
_MAX_CONTENT_TYPE = 100
_PAGE = '<!DOCTYPE html>\n<html><head><meta charset="utf-8"></head><body>\n{}\n</body></html>\n'


@dataclass(frozen=True, slots=True)
class Named:
    """An address and a name as they were given."""

    address: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Finished:
    """What the program gives. Nothing of it is checked yet."""

    to: Sequence[Named]
    subject: str
    text: str
    html: str = ""
    cc: Sequence[Named] = ()
    bcc: Sequence[Named] = ()
    reply_to: Named | None = None
    party_name: str = ""
    files: Sequence[LetterFile] = ()


def finish(given: Finished, *, sender: NamedAddress, reply_to: NamedAddress | None) -> Letter:
    """The letter from this sender; answers go where it says itself, else to `reply_to`.

    HTML is sanitised, and gets a plain twin where no text is given. Raises Refused for what
    is wrong; nothing is repaired that somebody would miss.
    """
    _check_texts(given)
    _check_files(given.files)
    html = sanitised(given.html).strip() if given.html else ""
    return Letter(
        sender=sender,
        reply_to=_named(given.reply_to) if given.reply_to else reply_to,
        recipients=_recipients(given),
        subject=given.subject.strip(),
        text=given.text if given.text.strip() or not html else as_text(html),
        html=_PAGE.format(html) if html else "",
        inline=(),
        enclosures=tuple(given.files),
        party_name=one_line(given.party_name)[:_MAX_NAME],
    )


def _check_texts(given: Finished) -> None:
    if is_invisible(given.subject):
        raise Refused("no_subject", "The email needs a subject.")
    if len(given.subject) > MAX_SUBJECT:
        raise Refused("subject_too_long", f"A subject has {MAX_SUBJECT} characters at most.")
    if has_control_character(given.subject):
        raise Refused("bad_text", "The subject must be one line without control characters.")
    if len(given.text) > MAX_TEXT or len(given.html) > MAX_TEXT:
        raise Refused("too_large", f"A text has {MAX_TEXT:,} characters at most.")
    if "\x00" in given.text or "\x00" in given.html:
        raise Refused("bad_text", "The text must not hold the sign NUL.")


def _check_files(files: Sequence[LetterFile]) -> None:
    """What only speaks against a file, the program that wrote the letter knows itself."""
    for file in files:
        if len(file.content_type) > _MAX_CONTENT_TYPE:
            raise Refused("bad_content_type", f"The content type of {file.filename} is too long.")
    check_files(files)


def _recipients(given: Finished) -> tuple[Addressee, ...]:
    everybody = without_duplicates(list(_everybody(given)))
    if not everybody:
        raise Refused("no_recipient", "The email needs a recipient.")
    return everybody


def _everybody(given: Finished) -> Iterator[Addressee]:
    kinds: tuple[tuple[Literal["to", "cc", "bcc"], Sequence[Named]], ...] = (
        ("to", given.to),
        ("cc", given.cc),
        ("bcc", given.bcc),
    )
    for kind, named in kinds:
        for each in named:
            yield Addressee(kind, _named(each), "Given with the letter")


def _named(given: Named) -> NamedAddress:
    try:
        address = Address.parse(given.address)
    except AddressError as wrong:
        raise Refused("wrong_address", f"This address cannot be used: {wrong}.") from wrong
    name = given.name.strip()
    if len(name) > _MAX_NAME or has_control_character(name):
        raise Refused(
            "bad_text",
            f"The name of {address} must be one line of at most {_MAX_NAME} characters.",
        )
    return NamedAddress(name, address)
