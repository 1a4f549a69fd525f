"""Settle what a party has instead of the defaults: its sender, its copy, its look."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from outtray.compose.models import PartyDefault
from outtray.compose.rules.set_look import require_layout, require_template
from outtray.compose.rules.set_sender import address_of, require_company_email, require_may_settle
from outtray.documents.kinds.registry import KINDS
from outtray.documents.models import Party
from outtray.documents.party_fields import kinds_for
from outtray.documents.party_history import Code, event_of
from outtray.lib.errors import Refused
from outtray.people.models import Membership

_LABELS = {
    "send_from": "Send From Email",
    "cc_email": "CC Email",
    "template": "Email Template",
    "layout": "PDF layout",
}


@dataclass(frozen=True, slots=True)
class Override:
    """What goes before the defaults; what is empty does not."""

    send_from: UUID | None = None
    cc_email: str = ""
    template: UUID | None = None
    layout: UUID | None = None


def set_override(
    membership: Membership, party: Party, kind: str, wanted: Override, *, at: datetime
) -> None:
    """Set all of it for a kind, or with "" for all kinds; an empty one takes it back.

    Only for administrators. Raises Refused for what is not of this company, or does not fit.
    A template is for one kind of document, so that for all kinds there is none.
    """
    require_may_settle(membership)
    if kind and kind not in kinds_for(party.role):
        raise Refused("unknown_kind", f"A {party.role} gets no documents of the kind {kind!r}.")
    require_company_email(membership, wanted.send_from)
    require_template(membership, kind, wanted.template)
    require_layout(membership, wanted.layout)
    copy = address_of(wanted.cc_email)
    with transaction.atomic():
        Party.objects.select_for_update().get(pk=party.pk)
        before = _shown(party, kind)
        _keep(party, kind, wanted, copy)
        after = _shown(party, kind)
        if before != after:
            changes = {
                _label(name, kind): (before[name], after[name])
                for name in _LABELS
                if before[name] != after[name]
            }
            event_of(party, Code.SETTLED, changes, by=membership.person, at=at).save()


def _keep(party: Party, kind: str, wanted: Override, copy: str) -> None:
    if not any(asdict(wanted).values()):
        PartyDefault.objects.filter(party=party, kind=kind).delete()
        return
    PartyDefault.objects.update_or_create(
        party=party,
        kind=kind,
        defaults={
            "send_from_id": wanted.send_from,
            "cc_email": copy,
            "template_id": wanted.template,
            "layout_id": wanted.layout,
        },
    )


def _shown(party: Party, kind: str) -> dict[str, str]:
    """What is settled, in the words that the history keeps."""
    overrides = PartyDefault.objects.select_related("send_from", "template", "layout")
    known = overrides.filter(party=party, kind=kind).first()
    if known is None:
        return dict.fromkeys(_LABELS, "")
    return {
        "send_from": known.send_from.address if known.send_from else "",
        "cc_email": known.cc_email,
        "template": known.template.name if known.template else "",
        "layout": known.layout.name if known.layout else "",
    }


def _label(name: str, kind: str) -> str:
    return f"{_LABELS[name]} for {KINDS[kind].plural('en').lower()}" if kind else _LABELS[name]
