"""From a document to who would get it from whom, for one press or for many thousands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from outtray.compose.letter import Letter, compose
from outtray.compose.recipients import Addressee, recipients_for
from outtray.compose.rules import Rules
from outtray.compose.sender import Sender, sender_for
from outtray.documents.models import Document
from outtray.mailboxes.models import Mailbox
from outtray.people.models import Membership

MOST_TOGETHER = 50  # documents in one email: more would not fit into an inbox


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person chose instead of the company's rules.

    `recipient` names an address slot; `template`, `layout` and `e_invoice` what their
    settings are called.
    """

    mailbox: Mailbox | None = None
    template: UUID | None = None
    layout: UUID | None = None
    recipient: str = ""
    e_invoice: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """Documents that will go out as one letter, from one mailbox, to the same addresses.

    `why_from` is the reason for the mailbox, in a short sentence.
    """

    documents: tuple[Document, ...]
    mailbox: Mailbox
    recipients: tuple[Addressee, ...]
    why_from: str = ""

    @property
    def addresses(self) -> tuple[str, ...]:
        return tuple(str(each.address.address) for each in self.recipients)


class Drafting:
    """Makes drafts by the rules of one company, as they are when it is made.

    By hand a document goes to a party, too, that does not want its kind by email.
    """

    def __init__(self, membership: Membership, choices: Choices, *, by_hand: bool = False) -> None:
        self._membership = membership
        self._choices = choices
        self._by_hand = by_hand
        self._rules = Rules.of(membership.company)

    def draft(self, document: Document) -> Draft:
        """Who would get this document from whom. Raises Refused where that cannot be told."""
        sender = self._sender(document)
        recipients = recipients_for(document, rules=self._rules, by_hand=self._by_hand)
        return Draft((document,), sender.mailbox, recipients, sender.reason)

    def letter(self, draft: Draft) -> Letter:
        """The letter as it would go out now. Raises Refused."""
        return compose(draft.documents, mailbox=draft.mailbox, recipients=draft.recipients)

    def _sender(self, document: Document) -> Sender:
        if self._choices.mailbox:
            return Sender(self._choices.mailbox, "Chosen here")
        return sender_for(document, self._membership, rules=self._rules)


def combined(drafts: Sequence[Draft]) -> list[Draft]:
    """The same with those for the same addresses in one email, up to MOST_TOGETHER documents."""
    groups: dict[tuple[object, ...], list[Draft]] = {}
    for draft in drafts:
        first = draft.documents[0]
        who = tuple((a.kind, str(a.address.address)) for a in draft.recipients)
        groups.setdefault((draft.mailbox.pk, who, first.kind, first.language), []).append(draft)
    return [
        together(group[start : start + MOST_TOGETHER])
        for group in groups.values()
        for start in range(0, len(group), MOST_TOGETHER)
    ]


def together(drafts: Sequence[Draft]) -> Draft:
    """One draft with all their documents."""
    first = drafts[0]
    documents = tuple(document for draft in drafts for document in draft.documents)
    return Draft(documents, first.mailbox, first.recipients, first.why_from)
