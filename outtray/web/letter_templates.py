"""Templates: the list, a new one, and putting one away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from outtray.compose.templates.keep import (
    TemplateWish,
    delete_template,
    make_template,
)
from outtray.compose.templates.models import Level, Template
from outtray.compose.templates.shipped import built_in_sources, purpose_label, purposes
from outtray.compose.templates.write import in_force, write_template
from outtray.documents.languages import LANGUAGES
from outtray.lib import clock
from outtray.lib.errors import Refused
from outtray.people.models import Membership
from outtray.web.answers import attach, complain, tell
from outtray.web.session import PersonRequest, person_required


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """A template in the list."""

    template: Template
    languages: list[str]
    changed_at: datetime | None


@dataclass(frozen=True, slots=True)
class PurposeRows:
    """What there is for one purpose."""

    purpose: str
    label: str
    rows: list[TemplateRow]

    @property
    def is_built_in_used(self) -> bool:
        """True where nothing of this person's or the company's is the default."""
        return not any(row.template.is_default for row in self.rows)


class NewTemplateForm(forms.Form):
    """What a new template is for, and whose it is."""

    purpose = forms.ChoiceField(label="For")
    level = forms.ChoiceField(label="Who uses it", widget=forms.RadioSelect)
    name = forms.CharField(label="Name", max_length=100)
    copied = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def offer(self, membership: Membership) -> None:
        """Purposes, and the levels at which this person may make one."""
        levels = [(Level.USER, "Only me: a template of my own")]
        if membership.is_administrator:
            levels.insert(0, (Level.APPLICATION, "Everybody in the company"))
        _choices(self, "purpose", [(each, purpose_label(each)) for each in purposes()])
        _choices(self, "level", [(str(level), words) for level, words in levels])


@require_GET
@person_required
def index(request: PersonRequest) -> HttpResponse:
    mine = Template.objects.visible_to(request.membership).order_by("level", "name")
    rows = [_row(each) for each in mine.prefetch_related("versions")]
    groups = [
        PurposeRows(name, purpose_label(name), [row for row in rows if _is_for(row, name)])
        for name in purposes()
    ]
    page = {"groups": groups, "languages": LANGUAGES.values()}
    return render(request, "outtray/templates/index.html", page)


@require_http_methods(["GET", "POST"])
@person_required
def create(request: PersonRequest) -> HttpResponse:
    form = _form(request)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("template", _made(request.membership, form).pk)
        except Refused as refused:
            attach(form, refused)
    status = 422 if form.errors else 200
    return render(request, "outtray/templates/new.html", {"form": form}, status=status)


@require_POST
@person_required
def delete(request: PersonRequest, template_id: UUID) -> HttpResponse:
    template = template_of(request, template_id)
    try:
        delete_template(request.membership, template, at=clock.now())
    except Refused as refused:
        complain(request, refused)
        return redirect("template", template.pk)
    tell(request, f"The template “{template.name}” is deleted. Sent emails keep what they said.")
    return redirect("templates")


def template_of(request: PersonRequest, template_id: UUID) -> Template:
    """The template, if this person may see it."""
    visible = Template.objects.visible_to(request.membership).select_related("company", "owner")
    return get_object_or_404(visible, pk=template_id)


def _form(request: PersonRequest) -> NewTemplateForm:
    if request.method == "POST":
        form = NewTemplateForm(request.POST)
    else:
        form = NewTemplateForm(initial=_proposed(request))
    form.offer(request.membership)
    return form


def _proposed(request: PersonRequest) -> dict[str, object]:
    wanted = request.GET.get("purpose", "")
    level = Level.APPLICATION if request.membership.is_administrator else Level.USER
    proposed: dict[str, object] = {"purpose": wanted or "invoice", "level": level}
    original = _original(request.membership, request.GET.get("copy", ""))
    if original is None:
        return proposed
    return {
        "purpose": original.purpose,
        "level": Level.USER,
        "name": f"{original.name}, my own"[:100],
        "copied": original.pk,
    }


def _made(membership: Membership, form: NewTemplateForm) -> Template:
    """The new template with first texts: those of another one, else the built-in ones."""
    given = form.cleaned_data
    made = make_template(
        membership,
        level=given["level"],
        purpose=given["purpose"],
        wish=TemplateWish(given["name"]),
        at=clock.now(),
    )
    original = _original(membership, str(given["copied"] or ""))
    for language, (subject, text, mjml) in _first_texts(membership, made, original).items():
        write_template(
            membership, made, language=language, subject=subject, text=text, mjml=mjml,
            at=clock.now(),
        )  # fmt: skip
    return made


def _first_texts(
    membership: Membership, made: Template, original: Template | None
) -> dict[str, tuple[str, str, str]]:
    if original and original.purpose == made.purpose and not original.files.exists():
        versions = {name: in_force(original, name) for name in LANGUAGES}
        return {name: (v.subject, v.text, v.mjml) for name, v in versions.items() if v}
    language = membership.company.language
    return {language: built_in_sources(made.purpose, language)}


def _original(membership: Membership, wanted: str) -> Template | None:
    try:
        return Template.objects.visible_to(membership).filter(pk=UUID(wanted)).first()
    except ValueError:
        return None


def _row(template: Template) -> TemplateRow:
    versions = list(template.versions.all())
    spoken = {each.language for each in versions}
    return TemplateRow(
        template,
        [name for code, name in LANGUAGES.items() if code in spoken],
        max((each.created_at for each in versions), default=None),
    )


def _is_for(row: TemplateRow, purpose: str) -> bool:
    return row.template.purpose == purpose


def _choices(form: forms.Form, name: str, choices: list[tuple[str, str]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices
