"""Whose mailbox sends a document, and why. Nobody else's ever steps in without being asked."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from outtray.compose.rules.company_rules import Rules, TemplateWishes
from outtray.compose.rules.names import plural_of, short
from outtray.documents.models import Document
from outtray.lib.errors import Refused
from outtray.mailboxes.models import Mailbox
from outtray.people.models import Membership


@dataclass(frozen=True, slots=True)
class Sender:
    """The mailbox that sends, and the reason in a short sentence."""

    mailbox: Mailbox
    reason: str


def sender_for(
    document: Document,
    membership: Membership,
    *,
    rules: Rules | None = None,
    template: TemplateWishes | None = None,
) -> Sender:
    """The Send From Email of the party, the template or the kind, else the User Email.

    Where the person has none, the default Company Email sends only if the company allows
    it. Raises Refused("no_sender") that says what to set up.
    """
    rules = rules or Rules.of(membership.company)
    settled = _settled(document, membership, rules, template)
    if settled is None:
        return _own(document.kind, membership, rules)
    mailbox_id, place, why = settled
    mailbox = rules.usable(mailbox_id, membership)
    if mailbox is None:
        raise Refused("no_sender", _not_usable(place))
    return Sender(mailbox, f"{place}, {why}")


def _settled(
    document: Document, membership: Membership, rules: Rules, template: TemplateWishes | None
) -> tuple[UUID, str, str] | None:
    """The Send From Email that somebody has named, where, and why it goes before others."""
    plural = plural_of(document.kind)
    wished = rules.wishes_of(document.party_id, document.kind).send_from
    if wished:
        place = f"Send From Email of {short(document.party.name)}"
        return wished, place, "which goes before all others"
    if template and template.send_from_id:
        place = f"Send From Email of the template “{short(template.name)}”"
        return template.send_from_id, place, f"which goes before that of {plural}"
    default = rules.default_of(document.kind)
    if default and default.send_from_id:
        why = f"which goes before the User Email of {short(membership.person.name)}"
        return default.send_from_id, f"Send From Email of {plural}", why
    return None


def _own(kind: str, membership: Membership, rules: Rules) -> Sender:
    person = short(membership.person.name)
    own = rules.own_mailbox(membership)
    if own:
        why = f"because {plural_of(kind)} have no Send From Email"
        return Sender(own, f"User Email of {person}, {why}")
    ours = rules.default_company_email
    if ours is None or not rules.may_use_company_email:
        raise Refused("no_sender", _none_set_up(kind, rules))
    company = short(rules.company.name)
    return Sender(
        ours, f"Default Company Email, because {person} has no User Email and {company} allows it"
    )


def _not_usable(place: str) -> str:
    return (
        f"The {place} is a User Email of somebody else. "
        "An administrator can choose a Company Email instead."
    )


def _none_set_up(kind: str, rules: Rules) -> str:
    said = (
        "You have no User Email yet. Set it up under User Email Setup, or ask an "
        f"administrator to choose a Send From Email for {plural_of(kind)}."
    )
    if rules.may_use_company_email:
        return f"{said} There is no default Company Email either."
    return said
