"""What a person should know before a letter is sent. Nothing here forbids sending it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from outtray.compose.letter import Letter
from outtray.compose.rules.recipients import Addressee, is_unwanted, unwanted
from outtray.documents.models import Document
from outtray.mailboxes.models import Health, Mailbox

# Many servers take 25 MB and some 20; what is attached grows by a third on its way.
_MAX_BYTES = 20 * 1024 * 1024
_NOWHERE = {"invalid", "localhost", "local", "internal", "lan", "home"}


@dataclass(frozen=True, slots=True)
class LetterWarning:
    """A reason to look again. `code` is stable."""

    code: str
    sentence: str


def warnings_for(
    documents: Sequence[Document],
    mailbox: Mailbox,
    recipients: Sequence[Addressee],
    *,
    letter: Letter | None = None,
) -> list[LetterWarning]:
    """All that speaks against sending now; the size only where the letter is given."""
    return [
        *_about_mailbox(mailbox),
        *_about_recipients(mailbox, recipients),
        *_about_parties(documents),
        *(_about_size(letter) if letter else ()),
    ]


def _about_mailbox(mailbox: Mailbox) -> Iterator[LetterWarning]:
    if mailbox.health == Health.UNVALIDATED:
        yield LetterWarning(
            "mailbox_not_validated",
            f"{mailbox.address} has not been validated; the email waits until it is.",
        )
    if mailbox.health == Health.PAUSED:
        yield LetterWarning(
            "mailbox_paused", f"{mailbox.address} is paused; the email waits until it is resumed."
        )


def _about_recipients(mailbox: Mailbox, recipients: Sequence[Addressee]) -> Iterator[LetterWarning]:
    for each in recipients:
        address = each.address.address
        if each.is_fallback:
            yield LetterWarning("fallback", f"It goes to {each.reason}.")
        if address.key == mailbox.address.casefold():
            yield LetterWarning("own_address", f"{address} is the address that sends it.")
        if address.domain.rpartition(".")[2] in _NOWHERE:
            yield LetterWarning(
                "unreachable_domain", f"{address.display_domain} cannot be reached by email."
            )
        if address.needs_smtputf8:
            yield LetterWarning(
                "needs_smtputf8",
                f"{address} can be reached only if every mail server on the way admits "
                "addresses with such characters.",
            )


def _about_parties(documents: Sequence[Document]) -> Iterator[LetterWarning]:
    names = {document.party_id: document.party.name for document in documents}
    if len(names) > 1:
        yield LetterWarning(
            "several_parties", f"The documents belong to {' and '.join(sorted(names.values()))}."
        )
    for sentence in dict.fromkeys(unwanted(each) for each in documents if is_unwanted(each)):
        yield LetterWarning("party_excluded", sentence)


def _about_size(letter: Letter) -> Iterator[LetterWarning]:
    size = sum(len(file.content) for file in letter.enclosures) * 4 // 3
    if size > _MAX_BYTES:
        yield LetterWarning(
            "too_large",
            f"With its attachments the email has {size / 1024 / 1024:.0f} MB. "
            "Many mail servers refuse more than 20 MB.",
        )
