"""Settle, for a kind of document, which address slots are tried, and who steps in."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from outtray.compose.models import DocumentDefault, RecipientRule
from outtray.compose.rules.orders import ORDERS, SLOT_NAMES
from outtray.compose.rules.set_sender import require_kind, require_may_settle
from outtray.documents.kinds.registry import KINDS
from outtray.lib.errors import Refused
from outtray.people.models import Membership


def set_recipients(
    membership: Membership, kind: str, *, slots: Sequence[str], fallback: UUID | None
) -> None:
    """Set the order of a kind's address slots, and the member who gets what has no address.

    The usual order of the kind is kept as no rule at all, and so is an empty one. Only for
    administrators; raises Refused for what is no slot, or nobody of this company.
    """
    require_may_settle(membership)
    require_kind(kind)
    _require_slots(slots)
    members = Membership.objects.visible_to(membership)
    if fallback is not None and not members.filter(pk=fallback).exists():
        raise Refused("no_such_person", "There is no such person here.", field="fallback")
    with transaction.atomic():
        _keep_order(membership, kind, slots)
        DocumentDefault.objects.update_or_create(
            company_id=membership.company_id, kind=kind, defaults={"fallback_id": fallback}
        )


def usual_order(kind: str) -> tuple[str, ...]:
    """The order of a kind where the company has none of its own."""
    return ORDERS[KINDS[kind].recipient_event]


def _require_slots(slots: Sequence[str]) -> None:
    for position, slot in enumerate(slots):
        if slot not in SLOT_NAMES:
            known = ", ".join(SLOT_NAMES)
            raise Refused(
                "unknown_slot",
                f"There is no address slot {slot[:50]!r}. It is one of: {known}.",
                field="slots",
            )
        if slot in slots[:position]:
            raise Refused(
                "unknown_slot", f"{SLOT_NAMES[slot]} stands in the order twice.", field="slots"
            )


def _keep_order(membership: Membership, kind: str, slots: Sequence[str]) -> None:
    company_id = membership.company_id
    if slots and tuple(slots) != usual_order(kind):
        RecipientRule.objects.update_or_create(
            company_id=company_id, purpose=kind, defaults={"slots": list(slots)}
        )
    else:
        RecipientRule.objects.filter(company_id=company_id, purpose=kind).delete()
