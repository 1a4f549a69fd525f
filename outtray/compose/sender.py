"""Whose mailbox sends."""

from __future__ import annotations

from uuid import UUID

from outtray.compose.models import DocumentDefault
from outtray.documents.kinds.registry import KINDS
from outtray.lib.errors import Refused
from outtray.mailboxes.models import Mailbox, Whose
from outtray.people.models import Membership


def mailbox_for(kind: str, membership: Membership) -> Mailbox:
    """The Send From Email of the kind, else the person's User Email.

    Raises Refused("no_sender") that says what to set up.
    """
    usable = Mailbox.objects.usable_by(membership)
    settled = _send_from(kind, membership)
    if settled is not None:
        mailbox = usable.filter(pk=settled).first()
        if mailbox is None:
            raise Refused("no_sender", _not_usable(kind))
        return mailbox
    own = usable.filter(whose=Whose.USER, owner_id=membership.person_id).first()
    if own is None:
        raise Refused("no_sender", _none_set_up(kind))
    return own


def _send_from(kind: str, membership: Membership) -> UUID | None:
    defaults = DocumentDefault.objects.filter(company_id=membership.company_id, kind=kind)
    return defaults.values_list("send_from_id", flat=True).first()


def _not_usable(kind: str) -> str:
    return (
        f"{_plural(kind)} are sent from a User Email of somebody else. "
        "An administrator can choose a Company Email as their Send From Email."
    )


def _none_set_up(kind: str) -> str:
    return (
        "You have no User Email yet. Set it up under User Email Setup, or ask an "
        f"administrator to choose a Send From Email for {_plural(kind).lower()}."
    )


def _plural(kind: str) -> str:
    return KINDS[kind].plural("en")
