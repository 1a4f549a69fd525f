"""Settings of recipients: for each kind of document, in which order its addresses are tried."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from outtray.compose.rules.company_rules import Rules
from outtray.compose.rules.orders import SLOT_NAMES
from outtray.compose.rules.recipients import Addressee, recipients_for
from outtray.compose.rules.set_recipients import set_recipients, usual_order
from outtray.documents.kinds.base import Kind
from outtray.documents.kinds.registry import KINDS
from outtray.documents.models import Document
from outtray.lib.errors import Refused
from outtray.people.models import Membership
from outtray.web.answers import complain, tell
from outtray.web.session import PersonRequest, administrator_required

_MEANING: Mapping[str, str] = {
    "contact": "The document’s own contact, only where it has Use Contact Email on",
    "billing": "For invoices, at the customer or vendor",
    "bill_to": "The document’s own copy, taken from the party when it came in",
    "shipment_update": "For news of deliveries, at the customer or vendor",
    "ship_to": "The document’s own copy, taken from the party when it came in",
    "main": "For everything else, at the customer or vendor",
}
_TRIED = 5  # documents that show what an order would do


@dataclass(frozen=True, slots=True)
class KindRow:
    """A kind with what holds for it."""

    kind: Kind
    label: str
    slots: list[str]
    is_own: bool
    fallback: Membership | None


@dataclass(frozen=True, slots=True)
class Slot:
    """An address slot with its name and what it is for."""

    key: str
    name: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Tried:
    """A real document, and who would get it."""

    document: Document
    recipients: tuple[Addressee, ...]
    problem: str = ""


class RuleForm(forms.Form):
    """The order as it stands on the page, and the fallback person."""

    fallback = forms.ChoiceField(label="Fallback person", required=False)

    def __init__(self, *args: object, members: Sequence[Membership], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type] # as Django's own
        field = self.fields["fallback"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            ("", "Nobody: the document is not sent, and says so"),
            *((str(each.pk), f"{each.person.name} <{each.person.email}>") for each in members),
        ]


@require_GET
@administrator_required
def index(request: PersonRequest) -> HttpResponse:
    rules = Rules.of(request.membership.company)
    rows = [
        KindRow(
            kind,
            kind.plural("en"),
            [SLOT_NAMES[slot] for slot in rules.order_of(kind)],
            rules.order_of(kind) != usual_order(kind.name),
            default.fallback if (default := rules.default_of(kind.name)) else None,
        )
        for kind in KINDS.values()
    ]
    return render(request, "outtray/settings/recipients.html", {"kind_rows": rows})


@require_http_methods(["GET", "POST"])
@administrator_required
def show(request: PersonRequest, kind: str) -> HttpResponse:
    """The order of one kind. Moving and removing change the page; Save settles it."""
    if kind not in KINDS:
        raise Http404
    membership = request.membership
    rules = Rules.of(membership.company)
    slots = list(rules.order_of(KINDS[kind]))
    form = _form(membership, rules, kind)
    if request.method == "POST":
        slots = _moved(request.POST.getlist("slot"), request.POST.get("do", ""), kind)
        form = _form(membership, rules, kind, request.POST)
        if "save" in request.POST and form.is_valid() and _is_saved(request, kind, slots, form):
            return redirect("recipients")
    return render(request, "outtray/settings/recipient_rule.html", _shown(rules, kind, slots, form))


def _form(membership: Membership, rules: Rules, kind: str, given: object = None) -> RuleForm:
    members = Membership.objects.visible_to(membership).order_by("person__name")
    default = rules.default_of(kind)
    initial = {"fallback": str(default.fallback_id or "") if default else ""}
    return RuleForm(given, members=list(members), initial=initial)


def _moved(slots: Sequence[str], do: str, kind: str) -> list[str]:
    """The order after one press: up, down, remove, add or usual."""
    known = [slot for slot in dict.fromkeys(slots) if slot in SLOT_NAMES]
    what, _, slot = do.partition(":")
    if what == "usual":
        return list(usual_order(kind))
    if what == "add" and slot in SLOT_NAMES and slot not in known:
        return [*known, slot]
    if slot not in known:
        return known
    if what == "remove":
        return [each for each in known if each != slot] if len(known) > 1 else known
    place = known.index(slot)
    other = place + {"up": -1, "down": 1}.get(what, 0)
    if 0 <= other < len(known):
        known[place], known[other] = known[other], known[place]
    return known


def _is_saved(request: PersonRequest, kind: str, slots: Sequence[str], form: RuleForm) -> bool:
    chosen = form.cleaned_data["fallback"]
    try:
        set_recipients(
            request.membership, kind, slots=slots, fallback=UUID(chosen) if chosen else None
        )
    except Refused as refused:
        complain(request, refused)
        return False
    tell(request, f"The recipients of {KINDS[kind].plural('en').lower()} are saved.")
    return True


def _shown(rules: Rules, kind: str, slots: Sequence[str], form: RuleForm) -> dict[str, object]:
    return {
        "kind": KINDS[kind],
        "label": KINDS[kind].plural("en"),
        "one": KINDS[kind].label("en").lower(),
        "slots": [_slot(each) for each in slots],
        "others": [_slot(each) for each in SLOT_NAMES if each not in slots],
        "is_usual": tuple(slots) == usual_order(kind),
        "is_settled": tuple(slots) == rules.order_of(KINDS[kind]),
        "form": form,
        "tried": _tried(rules, kind, slots),
    }


def _slot(key: str) -> Slot:
    return Slot(key, SLOT_NAMES[key], _MEANING[key])


def _tried(rules: Rules, kind: str, slots: Sequence[str]) -> list[Tried]:
    """What this order would mean for the newest documents."""
    with_order = replace(rules, orders={**rules.orders, kind: tuple(slots)})
    newest = Document.objects.filter(company=rules.company, kind=kind).select_related("party")
    found: list[Tried] = []
    for document in newest.prefetch_related("party__contacts").order_by("-date", "-pk")[:_TRIED]:
        try:
            found.append(Tried(document, recipients_for(document, rules=with_order)))
        except Refused as problem:
            found.append(Tried(document, (), problem.detail))
    return found
