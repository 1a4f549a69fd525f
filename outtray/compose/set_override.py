"""Settle what a party has instead of the defaults: its sender, its copy, its template."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from outtray.compose.models import PartyDefault
from outtray.compose.set_sender import address_of, require_company_email, require_may_settle
from outtray.compose.template_models import Level, Template
from outtray.documents.kinds.registry import KINDS
from outtray.documents.models import Party
from outtray.documents.party_fields import kinds_for
from outtray.documents.party_history import Code, event_of
from outtray.lib.errors import Refused
from outtray.people.models import Membership

_LABELS = {"send_from": "Send From Email", "cc_email": "CC Email", "template": "Email Template"}


def set_override(
    membership: Membership,
    party: Party,
    kind: str,
    *,
    send_from: UUID | None,
    cc_email: str,
    template: UUID | None,
    at: datetime,
) -> None:
    """Set all three for a kind, or with "" for all kinds; without any the defaults hold again.

    Only for administrators. Raises Refused for what is not of this company, or does not fit.
    """
    require_may_settle(membership)
    if kind and kind not in kinds_for(party.role):
        raise Refused("unknown_kind", f"A {party.role} gets no documents of the kind {kind!r}.")
    require_company_email(membership, send_from)
    _require_template(membership, kind, template)
    wanted = {"send_from_id": send_from, "cc_email": address_of(cc_email), "template_id": template}
    with transaction.atomic():
        Party.objects.select_for_update().get(pk=party.pk)
        known = PartyDefault.objects.filter(party=party, kind=kind).first()
        before = _shown(known)
        _keep(party, kind, wanted)
        after = _shown(PartyDefault.objects.filter(party=party, kind=kind).first())
        if before != after:
            _note(membership, party, kind, before, after, at=at)


def _require_template(membership: Membership, kind: str, template: UUID | None) -> None:
    fitting = Template.objects.filter(
        company_id=membership.company_id, level=Level.APPLICATION, archived_at__isnull=True
    )
    if template is not None and not fitting.filter(pk=template, purpose=kind).exists():
        raise Refused(
            "no_such_template",
            "There is no such Application template for this kind of document.",
            field="template",
        )


def _keep(party: Party, kind: str, wanted: dict[str, Any]) -> None:
    if any(wanted.values()):
        PartyDefault.objects.update_or_create(party=party, kind=kind, defaults=wanted)
    else:
        PartyDefault.objects.filter(party=party, kind=kind).delete()


def _shown(override: PartyDefault | None) -> dict[str, str]:
    if override is None:
        return dict.fromkeys(_LABELS, "")
    return {
        "send_from": override.send_from.address if override.send_from else "",
        "cc_email": override.cc_email,
        "template": override.template.name if override.template else "",
    }


def _note(
    membership: Membership,
    party: Party,
    kind: str,
    before: dict[str, str],
    after: dict[str, str],
    *,
    at: datetime,
) -> None:
    for_what = f" for {KINDS[kind].plural('en').lower()}" if kind else ""
    changes = {
        f"{label}{for_what}": (before[name], after[name])
        for name, label in _LABELS.items()
        if before[name] != after[name]
    }
    event_of(party, Code.SETTLED, changes, by=membership.person, at=at).save()
