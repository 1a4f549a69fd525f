"""What will end on a known day: a client secret, a certificate, a consent.

Somebody has to act before, so it is told 30, 7 and 1 days ahead.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from outtray.mailboxes.models import Grant, Mailbox, OAuthApp, SignIn, Whose
from outtray.people.models import Membership

TOLD_AT = (30, 7, 1)  # days ahead
_AHEAD = timedelta(days=max(TOLD_AT) + 1)


@dataclass(frozen=True, slots=True)
class End:
    """One that ends, or has ended: what the company's app proves itself by, or a consent.

    `days` are those left, less than 0 when it is over.
    """

    of: OAuthApp | Grant
    what: str
    ends_at: datetime
    days: int

    @property
    def mailbox(self) -> Mailbox | None:
        """The mailbox whose consent it is."""
        return self.of.mailbox if isinstance(self.of, Grant) else None

    @property
    def company_id(self) -> UUID:
        return self.of.mailbox.company_id if isinstance(self.of, Grant) else self.of.company_id

    @property
    def provider_name(self) -> str:
        return SignIn(self.of.provider).label

    @property
    def mark(self) -> int:
        """The mark of TOLD_AT that is reached."""
        return min(mark for mark in TOLD_AT if self.days <= mark)

    @property
    def is_of_a_user(self) -> bool:
        """Whether its owner can renew it; everything else is the administrators'."""
        return self.mailbox is not None and self.mailbox.whose == Whose.USER


def ending(membership: Membership, *, at: datetime) -> list[End]:
    """What ends within 30 days and this person can do something about, the next first."""
    consents = Q(mailbox__in=Mailbox.objects.visible_to(membership))
    company = Q(company_id=membership.company_id)
    apps = company if membership.is_administrator else Q(pk__in=())
    return sorted(_ends(apps, consents, at), key=lambda end: end.ends_at)


def ends_to_tell(at: datetime) -> list[End]:
    """Those whose next mark is reached, and of which that was not told yet."""
    found = _ends(Q(), Q(), at)
    return [end for end in found if end.of.told_days is None or end.mark < end.of.told_days]


def mark_told(end: End) -> bool:
    """Take the telling of just this mark. False if another worker was quicker."""
    untold = Q(told_days__isnull=True) | Q(told_days__gt=end.mark)
    rows = type(end.of)._default_manager.filter(untold, pk=end.of.pk)
    return bool(rows.update(told_days=end.mark))


def _ends(apps: Q, consents: Q, at: datetime) -> Iterator[End]:
    soon = at + _AHEAD
    for app in OAuthApp.objects.filter(apps, secret_expires_at__lt=soon):
        what = "certificate" if app.certificate else "client secret"
        yield _end(app, what, app.secret_expires_at, at)
    for grant in Grant.objects.filter(consents, expires_at__lt=soon).select_related("mailbox"):
        yield _end(grant, "consent", grant.expires_at, at)


def _end(of: OAuthApp | Grant, what: str, ends_at: datetime | None, at: datetime) -> End:
    assert ends_at is not None, "only what ends was asked for"
    return End(of, what, ends_at, (ends_at - at) // timedelta(days=1))
