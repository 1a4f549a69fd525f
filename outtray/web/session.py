"""Which company a signed-in person acts for: `request.membership`."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from outtray.people.models import Membership, Person


class PersonRequest(HttpRequest):
    """A request of somebody who is signed in and belongs to a company."""

    membership: Membership


class CurrentMembership:
    """Sets `request.membership`: the one chosen in this session, else the oldest, else None."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.membership = _membership(request)  # type: ignore[attr-defined] # set for views
        return self.get_response(request)


def _membership(request: HttpRequest) -> Membership | None:
    if not isinstance(request.user, Person):
        return None
    mine = Membership.objects.of(request.user).order_by("created_at")
    chosen: str | None = request.session.get("membership")
    return (mine.filter(pk=chosen).first() if chosen else None) or mine.first()
