"""From a document to who would get it from whom, for one press or for many thousands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from outtray.compose.letter import Letter, compose
from outtray.compose.rules.company_rules import Rules
from outtray.compose.rules.layouts import LayoutChoice, layout_for
from outtray.compose.rules.orders import SLOT_NAMES
from outtray.compose.rules.recipients import Addressee, recipients_for
from outtray.compose.rules.sender import Sender, sender_for
from outtray.compose.templates.choice import TemplateChoice, purpose_of, template_for
from outtray.documents.einvoice.settled import EInvoices
from outtray.documents.einvoice.wishes import Form
from outtray.documents.kinds.registry import KINDS
from outtray.documents.models import Document
from outtray.lib.errors import Refused
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
class LetterPlan:
    """Documents of a party that will go out as one letter, from one mailbox.

    `why_from` is the reason for the mailbox, in a short sentence. With all this the letter can
    be made without the database, in any process (`letter_of`).
    """

    documents: tuple[Document, ...]
    mailbox: Mailbox
    recipients: tuple[Addressee, ...]
    template: TemplateChoice
    layout: LayoutChoice
    why_from: str = ""
    e_invoices: EInvoices | None = None

    @property
    def goes_with(self) -> tuple[object, ...]:
        """What plans have in common that may become one letter, and never two parties in it."""
        first = self.documents[0]
        recipients = tuple((each.kind, str(each.address.address)) for each in self.recipients)
        return (
            *(first.party_id, first.kind, first.language),
            *(self.mailbox.pk, self.layout.layout_id, recipients),
        )

    @property
    def addresses(self) -> tuple[str, ...]:
        return tuple(str(each.address.address) for each in self.recipients)


class Planner:
    """Makes plans by the rules of one company, as they are when it is made.

    By hand a document goes to a party, too, that does not want its kind by email.
    """

    def __init__(self, membership: Membership, choices: Choices, *, by_hand: bool = False) -> None:
        self._membership = membership
        self._choices = choices
        self._by_hand = by_hand
        self._rules = _with_slot(Rules.of(membership.company), choices.recipient)
        self._e_invoices = self._chosen_form(choices.e_invoice)

    def plan(self, document: Document) -> LetterPlan:
        """Who would get this document from whom. Raises Refused where that cannot be told."""
        template = self._template([document])
        sender = self._sender(document, template)
        recipients = recipients_for(
            document,
            rules=self._rules,
            template=template,
            by_hand=self._by_hand,
            slot=self._choices.recipient,
        )
        layout = layout_for(
            document, template=template, rules=self._rules, wanted=self._choices.layout
        )
        return LetterPlan(
            (document,),
            sender.mailbox,
            recipients,
            template,
            layout,
            sender.reason,
            self._e_invoices,
        )

    def together(self, plans: Sequence[LetterPlan]) -> LetterPlan:
        """One plan with the documents of all these, and the template for so many."""
        first = plans[0]
        if len(plans) == 1:
            return first
        documents = [document for plan in plans for document in plan.documents]
        return replace(first, documents=tuple(documents), template=self._template(documents))

    def combined(self, plans: Sequence[LetterPlan]) -> list[LetterPlan]:
        """Those of a party for the same addresses in one email, up to MOST_TOGETHER documents."""
        groups: dict[tuple[object, ...], list[LetterPlan]] = {}
        for plan in plans:
            groups.setdefault(plan.goes_with, []).append(plan)
        return [
            self.together(group[start : start + MOST_TOGETHER])
            for group in groups.values()
            for start in range(0, len(group), MOST_TOGETHER)
        ]

    def _template(self, documents: Sequence[Document]) -> TemplateChoice:
        """The chosen template serves what it is for; the rest has what is settled."""
        wanted = self._choices.template
        chosen = self._rules.templates.templates.get(wanted) if wanted else None
        if chosen and chosen.purpose != purpose_of(documents):
            wanted = None
        return template_for(
            documents, membership=self._membership, rules=self._rules, wanted=wanted
        )

    def _chosen_form(self, wanted: str) -> EInvoices:
        """As the company settled it for each kind, or all in the form that was chosen."""
        settled = self._rules.e_invoices
        return settled.in_form(Form(wanted)) if wanted in set(Form) else settled

    def _sender(self, document: Document, template: TemplateChoice) -> Sender:
        if self._choices.mailbox:
            return Sender(self._choices.mailbox, "Chosen here")
        return sender_for(document, self._membership, rules=self._rules, template=template)


def letter_of(plan: LetterPlan) -> Letter:
    """The letter as it would go out now. Raises Refused."""
    return compose(
        plan.documents,
        mailbox=plan.mailbox,
        recipients=plan.recipients,
        template=plan.template,
        look=plan.layout.look,
        e_invoices=plan.e_invoices,
    )


def _with_slot(rules: Rules, slot: str) -> Rules:
    """The same rules, but that this slot alone is tried, if one was chosen."""
    if not slot:
        return rules
    if slot not in SLOT_NAMES:
        raise Refused("unknown_slot", f"There is no address slot {slot}.", field="recipient")
    return replace(rules, orders=dict.fromkeys(KINDS, (slot,)))
