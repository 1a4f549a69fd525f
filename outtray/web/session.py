"""Who asks, and for which company: `request.membership`, and what a page requires of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from functools import cache, wraps
from typing import Concatenate, ParamSpec, cast
from zoneinfo import ZoneInfo, available_timezones

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from outtray.people.models import Membership, Person

P = ParamSpec("P")


class PersonRequest(HttpRequest):
    """A request of somebody who is signed in and belongs to a company.

    `place` is the entry of the sidebar that a page belongs to, where its address does not say.
    """

    membership: Membership
    place: str


View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
PersonView = Callable[Concatenate[PersonRequest, P], HttpResponseBase]


class CurrentMembership:
    """Sets `request.membership`: the one chosen in this session, else the oldest, else None.

    Times are shown in the person's own time zone, else in the company's.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        membership = _membership(request)
        request.membership = membership  # type: ignore[attr-defined] # set for views
        with timezone.override(_zone(membership)):
            return self.get_response(request)


def person_required(view: PersonView[P]) -> View[P]:
    """For pages of persons: asks others to sign in, and tells those without a company so."""

    @wraps(view)
    def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if membership_of(request):
            return view(cast(PersonRequest, request), *args, **kwargs)
        if request.user.is_authenticated:
            return render(request, "outtray/no_company.html", status=403)
        if request.headers.get("HX-Request"):
            return _sign_in_again()
        return redirect_to_login(request.get_full_path())

    return answer


def administrator_required(view: PersonView[P]) -> View[P]:
    """For pages of administrators; a user is told that only they may open them."""

    @person_required
    @wraps(view)
    def answer(request: PersonRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.membership.is_administrator:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return answer


def membership_of(request: HttpRequest) -> Membership | None:
    """For whom somebody acts; None for a stranger."""
    return getattr(request, "membership", None)


def memberships_of(request: HttpRequest) -> Sequence[Membership]:
    """All for which somebody may act, the oldest first; asked once a request."""
    if not isinstance(request.user, Person):
        return ()
    kept = vars(request)
    if "memberships" not in kept:
        kept["memberships"] = list(Membership.objects.of(request.user).order_by("created_at"))
    mine: Sequence[Membership] = kept["memberships"]
    return mine


def _membership(request: HttpRequest) -> Membership | None:
    mine = memberships_of(request)
    if not mine:
        return None
    chosen: str | None = request.session.get("membership")
    return next((each for each in mine if str(each.pk) == chosen), mine[0])


def _zone(membership: Membership | None) -> ZoneInfo | None:
    if membership is None:
        return None
    name = membership.person.timezone or membership.company.timezone
    return ZoneInfo(name) if name in _zones() else None


@cache
def _zones() -> Set[str]:
    """Asked once: it reads a folder of some hundred files, which took a fifth of a page's time."""
    return available_timezones()


def _sign_in_again() -> HttpResponseBase:
    """A part of a page was asked for after the session ended: the whole page must go there."""
    return HttpResponse(status=204, headers={"HX-Redirect": reverse("account_login")})
