"""What a letter by hand is about: its documents, its party, and the addresses they propose."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from uuid import UUID

from django.http import Http404

from outtray.compose.attachments.letter_file import LetterFile
from outtray.compose.by_hand.begin import letter_by_hand, require_one_party
from outtray.compose.by_hand.models import Draft
from outtray.compose.letter import Letter
from outtray.compose.rules.company_rules import Rules
from outtray.compose.rules.known_addresses import Known, known_addresses, reason_of
from outtray.compose.rules.recipients import Addressee, recipients_for
from outtray.compose.rules.sender import Sender, sender_for
from outtray.compose.templates.choice import (
    TemplateChoice,
    choosable,
    purpose_of,
    template_for,
)
from outtray.compose.warnings import LetterWarning, warnings_for
from outtray.documents.kinds.registry import KINDS
from outtray.documents.models import Document, Party
from outtray.lib.errors import Refused
from outtray.mail.address import NamedAddress
from outtray.mailboxes.models import Mailbox
from outtray.outbox.add_to_queue import already_sent
from outtray.outbox.models import Email
from outtray.people.models import Membership
from outtray.web.identifiers import uuids
from outtray.web.letter_form import LetterForm, addressees
from outtray.web.sending import sender_of


@dataclass(frozen=True)
class Matter:
    """The documents of one letter, in their order, and whom it is for."""

    membership: Membership
    documents: Sequence[Document]
    party: Party | None

    @classmethod
    def of(
        cls, membership: Membership, document_ids: Sequence[UUID], party_id: UUID | None
    ) -> Matter:
        """Raises Http404 for what this person cannot see, Refused for several parties."""
        visible = Document.objects.visible_to(membership).select_related("party", "company")
        found = visible.in_bulk(list(document_ids))
        if len(found) < len(document_ids):
            raise Http404
        documents = [found[each] for each in document_ids]
        require_one_party(documents)
        return cls(membership, documents, _party(membership, documents, party_id))

    @classmethod
    def of_draft(cls, membership: Membership, draft: Draft) -> Matter:
        """What a draft is about. Documents that are gone by now are left out."""
        wanted = uuids(draft.documents)
        there = Document.objects.visible_to(membership).in_bulk(wanted)
        return cls.of(membership, [each for each in wanted if each in there], draft.party_id)

    @cached_property
    def rules(self) -> Rules:
        """What the company has settled."""
        return Rules.of(self.membership.company)

    @cached_property
    def template(self) -> TemplateChoice:
        """The template of its documents, by rule."""
        return template_for(self.documents, membership=self.membership, rules=self.rules)

    @cached_property
    def proposed(self) -> tuple[Addressee, ...]:
        """Who receives it by rule. Without an address it can still be typed in."""
        if not self.documents:
            return ()
        try:
            return recipients_for(
                self.documents[0], rules=self.rules, template=self.template, by_hand=True
            )
        except Refused:
            return ()

    @cached_property
    def known(self) -> tuple[Known, ...]:
        """All addresses of the party, to choose from."""
        return known_addresses(self.party, self.documents)

    @property
    def papers(self) -> list[tuple[Document, str]]:
        """The documents, each with the name of its kind."""
        return [(each, KINDS[each.kind].label("en")) for each in self.documents]

    @property
    def trail(self) -> str:
        """What it is about, in a word: the way back."""
        if len(self.documents) == 1:
            document = self.documents[0]
            return f"{KINDS[document.kind].label('en')} {document.number}"
        return self.party.name if self.party else ""

    @property
    def why_from(self) -> str:
        """Which mailbox it is by rule, and why; empty where none is."""
        if not self.documents:
            return ""
        try:
            sender = self._sender_by_rule()
        except Refused:
            return ""
        return f"By rule {sender.mailbox.address}: {sender.reason}."

    def _sender_by_rule(self) -> Sender:
        return sender_for(
            self.documents[0], self.membership, rules=self.rules, template=self.template
        )

    def sender(self) -> Mailbox:
        """Whose mailbox sends it by rule. Raises Refused("no_sender")."""
        if self.documents:
            return self._sender_by_rule().mailbox
        own = self.rules.own_mailbox(self.membership)
        if own:
            return own
        raise Refused(
            "no_sender",
            "You have no User Email yet. Set it up under User Email Setup, or choose below from "
            "which mailbox it is sent.",
        )

    def templates(self) -> list[tuple[str, str]]:
        """Those that can be chosen for it."""
        if not self.documents:
            return []
        purpose = purpose_of(self.documents)
        found = choosable(self.rules.templates, purpose, self.membership)
        return [(str(each.id), each.name) for each in found]

    def layouts(self) -> list[tuple[str, str]]:
        """The PDF layouts that its documents can be set in."""
        if not self.documents:
            return []
        return [(str(key), layout.name) for key, layout in self.rules.looks.layouts.items()]

    def everybody(self, form: LetterForm) -> tuple[Addressee, ...]:
        """Those in the form, each with the reason why it is there."""
        addresses = form.addresses()
        return addressees(addresses, self.reasons(named for _, named in addresses))

    def reasons(self, addresses: Iterable[NamedAddress]) -> Mapping[str, str]:
        """The reason of each address, by its key."""
        return {each.address.key: reason_of(each, self.proposed, self.known) for each in addresses}

    def letter(
        self, form: LetterForm, files: Sequence[LetterFile], *, subject: str = ""
    ) -> tuple[Letter, Mailbox]:
        """The letter as it stands in the form; `subject` is for one that has none yet.

        Raises Refused where no letter can be made of it.
        """
        mailbox = form.mailbox
        if mailbox is None:
            raise Refused("no_sender", "Choose from which mailbox it is sent.", field="sender")
        wanted = form.by_hand(
            everybody=self.everybody(form),
            files=files,
            party_name=self.party.name if self.party else "",
        )
        wanted = replace(wanted, subject=wanted.subject or subject)
        letter = letter_by_hand(self.documents, wanted, mailbox=mailbox, membership=self.membership)
        return letter, mailbox

    def sent_before(self, recipients: Sequence[Addressee]) -> Email | None:
        """The newest email that took one of the documents to one of these."""
        if not self.documents or not recipients:
            return None
        return already_sent(self.documents, recipients)

    def warnings(self, form: LetterForm) -> list[LetterWarning]:
        """What speaks against sending it as it stands."""
        mailbox = sender_of(form.mailboxes, str(form["sender"].value() or ""))
        if mailbox is None:
            return []
        everybody = self.everybody(form) if form.is_bound else self.proposed
        return warnings_for(self.documents, mailbox, everybody)


def _party(
    membership: Membership, documents: Sequence[Document], party_id: UUID | None
) -> Party | None:
    if documents:
        return documents[0].party
    if party_id is None:
        return None
    party = Party.objects.visible_to(membership).filter(pk=party_id).first()
    if party is None:
        raise Http404
    return party
