"""What every page needs: who is signed in, for which company, and where one can go."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from django.http import HttpRequest

from outtray.outbox.queries import attention
from outtray.people.models import Membership
from outtray.web.delivery_hold import banner_for, hold_of
from outtray.web.navigation import Section, sections_for
from outtray.web.session import membership_of, memberships_of


def page(request: HttpRequest) -> dict[str, object]:
    """Asked only where a page shows it, and once: callables are called by the template."""
    membership = membership_of(request)
    return {
        "membership": membership,
        "memberships": cache(lambda: _memberships(request)),
        "navigation": cache(lambda: _navigation(request, membership)),
        "delivery_hold": cache(
            lambda: banner_for(membership, hold_of(request)) if membership else None
        ),
        "attention": cache(lambda: attention(membership) if membership else 0),
    }


def _navigation(request: HttpRequest, membership: Membership | None) -> Sequence[Section]:
    place: str = getattr(request, "place", request.path)
    return sections_for(membership, place) if membership else ()


def _memberships(request: HttpRequest) -> Sequence[Membership]:
    """By name, as the database sorts names, where there are several."""
    mine = memberships_of(request)
    if len(mine) < 2:
        return mine
    return list(Membership.objects.of(mine[0].person).order_by("company__name"))
