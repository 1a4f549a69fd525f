"""All that decides recipients and sender of a company's documents, read once for many of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from outtray.compose.models import DocumentDefault, PartyDefault, RecipientRule, SendingRules
from outtray.compose.rules.orders import ORDERS
from outtray.compose.templates.index import TemplateIndex
from outtray.documents.einvoice.settled import EInvoices
from outtray.documents.kinds.base import Kind
from outtray.documents.kinds.registry import KINDS
from outtray.documents.looks import Looks
from outtray.mailboxes.models import Mailbox, Whose
from outtray.people.models import Company, Membership


class TemplateWishes(Protocol):
    """What the template of a letter has to say about its sender and its copies."""

    @property
    def name(self) -> str: ...
    @property
    def cc_email(self) -> str: ...
    @property
    def send_from_id(self) -> UUID | None: ...


@dataclass(frozen=True, slots=True)
class PartyWishes:
    """What a party has of its own for a kind of document; empty where it has nothing."""

    send_from: UUID | None = None
    cc_email: str = ""


@dataclass(slots=True)
class Rules:
    """What a company has settled, as of when it was read.

    Documents are resolved with it without asking the database again, if they come with
    their party and its contacts: `select_related("party")`,
    `prefetch_related("party__contacts")`.
    """

    company: Company
    orders: Mapping[str, tuple[str, ...]]
    defaults: Mapping[str, DocumentDefault]
    company_emails: Mapping[UUID, Mailbox]
    may_use_company_email: bool
    overrides: Mapping[tuple[UUID, str], PartyDefault]
    templates: TemplateIndex
    looks: Looks
    e_invoices: EInvoices
    _own: dict[UUID, Mailbox | None] = field(default_factory=dict)

    @classmethod
    def of(cls, company: Company) -> Rules:
        """Read them, in as many queries whatever the number of documents."""
        defaults = DocumentDefault.objects.filter(company=company)
        company_emails = Mailbox.objects.filter(company=company, whose=Whose.COMPANY)
        sending = SendingRules.objects.filter(company=company).first()
        overrides = PartyDefault.objects.filter(party__company=company)
        return cls(
            company=company,
            orders=_orders(company),
            defaults={each.kind: each for each in defaults.select_related("fallback__person")},
            company_emails={each.pk: each for each in company_emails.select_related("owner")},
            may_use_company_email=sending is not None and sending.may_use_company_email,
            overrides={(each.party_id, each.kind): each for each in overrides},
            templates=TemplateIndex.of(company.pk),
            looks=Looks.of(company),
            e_invoices=EInvoices.of(company),
        )

    def order_of(self, kind: Kind) -> tuple[str, ...]:
        """The address slots that are tried for a kind, the first one first."""
        return self.orders.get(kind.name) or ORDERS[kind.recipient_event]

    def default_of(self, kind: str) -> DocumentDefault | None:
        """The Default Document Template of a kind, if something is settled for it."""
        return self.defaults.get(kind)

    def wishes_of(self, party_id: UUID, kind: str) -> PartyWishes:
        """What goes before the defaults of the kind: the party's for it, else for all kinds."""
        known = [self.overrides.get((party_id, name)) for name in (kind, "")]
        found = [each for each in known if each]
        return PartyWishes(
            send_from=next((each.send_from_id for each in found if each.send_from_id), None),
            cc_email=next((each.cc_email for each in found if each.cc_email), ""),
        )

    @property
    def default_company_email(self) -> Mailbox | None:
        """The Company Email that sends where no other is named."""
        return next((each for each in self.company_emails.values() if each.is_default), None)

    def own_mailbox(self, membership: Membership) -> Mailbox | None:
        """The person's User Email in this company."""
        if membership.person_id not in self._own:
            mine = Mailbox.objects.filter(company=self.company, whose=Whose.USER)
            own = mine.filter(owner=membership.person_id).select_related("owner").first()
            self._own[membership.person_id] = own
        return self._own[membership.person_id]

    def usable(self, mailbox_id: UUID, membership: Membership) -> Mailbox | None:
        """That mailbox, if this person may send from it: a Company Email, or the person's own."""
        own = self.own_mailbox(membership)
        return own if own and own.pk == mailbox_id else self.company_emails.get(mailbox_id)


def _orders(company: Company) -> dict[str, tuple[str, ...]]:
    """The company's own orders, of kinds that there are."""
    own = RecipientRule.objects.filter(company=company, purpose__in=list(KINDS))
    return {each.purpose: tuple(each.slots) for each in own}
