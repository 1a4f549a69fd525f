"""People and roles: add, change the role, make a one-time link, remove."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from outtray.lib import clock
from outtray.lib.errors import Refused
from outtray.people.models import Membership, MembershipQuerySet, Role
from outtray.people.password_links import password_link
from outtray.people.persons import Added, add_person, change_role, remove_person
from outtray.web.answers import attach, complain, tell
from outtray.web.session import PersonRequest, administrator_required


class PersonForm(forms.Form):
    """Somebody new in the company."""

    name = forms.CharField(label="Name", max_length=200)
    email = forms.CharField(label="Email address", max_length=254, widget=forms.EmailInput)
    role = forms.ChoiceField(label="Role", choices=Role.choices, initial=Role.USER)


@never_cache
@require_http_methods(["GET", "POST"])
@administrator_required
def index(request: PersonRequest) -> HttpResponse:
    form = PersonForm(request.POST or None)
    added = _added(request, form) if form.is_valid() else None
    if added and not added.link:
        tell(request, f"{added.membership.person} can open this company now.")
        return redirect("persons")
    if added:
        return _page(request, PersonForm(), link=added.link, of=added.membership)
    return _page(request, form)


@never_cache
@require_POST
@administrator_required
def make_link(request: PersonRequest, member_id: UUID) -> HttpResponse:
    """A new one-time link, shown on this page only."""
    member = get_object_or_404(_members(request), pk=member_id)
    try:
        link = password_link(request.membership, member)
    except Refused as refused:
        complain(request, refused)
        return redirect("persons")
    return _page(request, PersonForm(), link=link, of=member)


@require_POST
@administrator_required
def set_role(request: PersonRequest, member_id: UUID) -> HttpResponse:
    member = get_object_or_404(_members(request), pk=member_id)
    try:
        changed = change_role(request.membership, member, request.POST.get("role", ""))
    except Refused as refused:
        complain(request, refused)
    else:
        role = Role(changed.role).label.lower()
        tell(request, f"{changed.person} is {'an' if role[0] == 'a' else 'a'} {role} now.")
    return redirect("persons")


@require_POST
@administrator_required
def remove(request: PersonRequest, member_id: UUID) -> HttpResponse:
    member = get_object_or_404(_members(request), pk=member_id)
    try:
        remove_person(request.membership, member)
    except Refused as refused:
        complain(request, refused)
    else:
        tell(request, f"{member.person} can’t open this company any more.")
    return redirect("persons")


def _members(request: PersonRequest) -> MembershipQuerySet:
    mine = Membership.objects.filter(company_id=request.membership.company_id)
    return mine.select_related("person").order_by("person__name")


def _added(request: PersonRequest, form: PersonForm) -> Added | None:
    try:
        return add_person(request.membership, at=clock.now(), **form.cleaned_data)
    except Refused as refused:
        attach(form, refused)
        return None


def _page(
    request: PersonRequest, form: PersonForm, *, link: str = "", of: Membership | None = None
) -> HttpResponse:
    page = {"form": form, "members": _members(request), "link": link, "of": of}
    return render(request, "outtray/settings/persons.html", page)
