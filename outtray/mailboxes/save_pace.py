"""Give a mailbox another pace. It stays validated: a pace changes nothing of how it signs in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from outtray.lib.errors import Refused
from outtray.mailboxes import history
from outtray.mailboxes.models import Mailbox, Quota
from outtray.mailboxes.pace import Pace, limits_of, pace_of
from outtray.mailboxes.presets import PRESETS
from outtray.mailboxes.rights import require_change
from outtray.mailboxes.waking import wake_mailbox
from outtray.people.models import Membership
from outtray.transports.registry import TRANSPORTS

# No provider that we know allows more; a server of one's own has no limit when left empty.
MOST: Mapping[str, int] = {
    "messages_per_minute": 100_000,
    "messages_per_day": 10_000_000,
    "recipients_per_day": 10_000_000,
    "connections": 20,
}


@dataclass(frozen=True, slots=True)
class PaceDraft:
    """A pace as typed. None takes the provider's default, which may be no limit at all."""

    messages_per_minute: int | None = None
    messages_per_day: int | None = None
    recipients_per_day: int | None = None
    connections: int | None = None


def default_pace(mailbox: Mailbox) -> Pace:
    """What the provider of this mailbox allows, as far as it is known."""
    return pace_of(PRESETS.get(mailbox.provider), TRANSPORTS[mailbox.transport].pace)


def draft_of_pace(mailbox: Mailbox) -> PaceDraft:
    """What was set by hand; empty where the provider's default is kept."""
    default = asdict(default_pace(mailbox))
    limits = asdict(limits_of(mailbox))
    return PaceDraft(
        **{name: None if limits[name] == default[name] else limits[name] for name in MOST}
    )


def save_pace(
    membership: Membership, mailbox: Mailbox, draft: PaceDraft, *, at: datetime
) -> Mailbox:
    """Set the limits from now on; what was sent already counts against them.

    Refuses whoever may not change the mailbox, and numbers out of range with their field.
    """
    require_change(membership, mailbox)
    _require_range(draft)
    with transaction.atomic():
        stored = Mailbox.objects.select_for_update().get(pk=mailbox.pk)
        before, after = limits_of(stored), _filled(draft, default_pace(stored))
        if before != after:
            _set(stored, before, after, by=membership, at=at)
    stored.refresh_from_db()
    return stored


def _set(mailbox: Mailbox, before: Pace, after: Pace, *, by: Membership, at: datetime) -> None:
    Mailbox.objects.filter(pk=mailbox.pk).update(**asdict(after))
    Quota.objects.filter(pk=mailbox.pk).update(rest_until=None, even_until=None)
    history.record(
        mailbox.pk,
        history.Code.PACE_CHANGED,
        at=at,
        by=by.person,
        detail={"before": asdict(before), "after": asdict(after)},
    )
    wake_mailbox(mailbox.pk, mailbox.company_id)


def _filled(draft: PaceDraft, default: Pace) -> Pace:
    wished = {name: number for name, number in asdict(draft).items() if number is not None}
    return Pace(**{**asdict(default), **wished})


def _require_range(draft: PaceDraft) -> None:
    for name, number in asdict(draft).items():
        if number is not None and not 1 <= number <= MOST[name]:
            raise Refused(
                "pace_invalid", f"Enter a whole number from 1 to {MOST[name]:,}.", field=name
            )
