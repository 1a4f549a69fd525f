"""In which time zone a person reads times."""

from __future__ import annotations

from zoneinfo import ZoneInfo, available_timezones

from outtray.people.models import Membership


def zone_of(membership: Membership) -> ZoneInfo:
    """The person's own, else the company's, else UTC."""
    name = membership.person.timezone or membership.company.timezone
    return ZoneInfo(name if name in available_timezones() else "UTC")
