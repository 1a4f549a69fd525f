"""Who asks: the member whose API key a request carries."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest
from ninja.security import HttpBearer

from outtray.api.rates import KEYS, STRANGERS
from outtray.lib import clock
from outtray.people.keys import membership_of
from outtray.people.models import Membership


class BearerKey(HttpBearer):
    """`Authorization: Bearer outtray_...`, as `outtray key create` prints it."""

    def authenticate(self, request: HttpRequest, token: str) -> Membership | None:
        now = clock.now()
        membership = membership_of(token.strip(), at=now)
        if membership is None:
            STRANGERS.take(request.META.get("REMOTE_ADDR", ""), at=now)
            return None
        KEYS.take(str(membership.pk), at=now)
        return membership


def me(request: HttpRequest) -> Membership:
    """The member who asks."""
    return cast("Membership", request.auth)  # type: ignore[attr-defined] # set by ninja
