"""The editor of a template: its texts in one language, beside a letter written with them."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from outtray.compose.templates.fields import Field, fields_of
from outtray.compose.templates.keep import may_write
from outtray.compose.templates.models import Template
from outtray.compose.templates.shipped import SEVERAL, purpose_label
from outtray.compose.templates.trial import real_trial
from outtray.compose.templates.write import in_force, write_template
from outtray.documents.languages import LANGUAGES
from outtray.documents.models import Document
from outtray.lib import clock
from outtray.lib.errors import Refused
from outtray.web.answers import attach, tell
from outtray.web.identifiers import uuids
from outtray.web.letter_templates import template_of
from outtray.web.security import policy_with_style
from outtray.web.session import PersonRequest, person_required
from outtray.web.template_form import TemplateForm, initial_of

_MOST_OFFERED = 30


@dataclass(frozen=True, slots=True)
class LanguageTab:
    """A language, and which version of the template speaks it; 0 for none."""

    code: str
    name: str
    number: int


@require_http_methods(["GET", "POST"])
@person_required
def show(request: PersonRequest, template_id: UUID) -> HttpResponse:
    template = template_of(request, template_id)
    given = request.POST if request.method == "POST" else request.GET
    language = _language(template, given.get("language", ""))
    if request.method == "GET":
        initial = initial_of(template, language, given.get("document", ""))
        form = TemplateForm(initial=initial, template=template, membership=request.membership)
        return _page(request, template, form, language)
    form = TemplateForm(request.POST, template=template, membership=request.membership)
    if form.is_valid():
        try:
            _save(request, template, form, language)
            return redirect(f"{reverse('template', args=[template.pk])}?{_query(form, language)}")
        except Refused as refused:
            attach(form, refused)
    return _page(request, template, form, language)


def _save(request: PersonRequest, template: Template, form: TemplateForm, language: str) -> None:
    typed, before = form.typed(template), in_force(template, language)
    version = write_template(
        request.membership,
        template,
        language=language,
        subject=typed.subject,
        text=typed.text,
        mjml=typed.mjml,
        wish=form.wish,
        at=clock.now(),
    )
    is_new = before is None or before.pk != version.pk
    what = f"version {version.number} in {LANGUAGES[language]}" if is_new else "settings"
    tell(request, f"Saved: {what} of “{template.name}”.")


def _page(
    request: PersonRequest, template: Template, form: TemplateForm, language: str
) -> HttpResponse:
    nonce = secrets.token_urlsafe(16)
    chosen = next(iter(uuids([str(form["document"].value() or "")])), None)
    trial = real_trial(request.membership, template.purpose, chosen)
    sender = request.membership.person.name
    values = trial.values(template.purpose, language, sender_name=sender)
    page = {
        "template": template,
        "form": form,
        "label": purpose_label(template.purpose),
        "language": language,
        "language_name": LANGUAGES[language],
        "tabs": _tabs(template),
        "version": in_force(template, language),
        "versions": template.versions.filter(language=language).order_by("-number")
        .select_related("written_by")[:10],
        "may_write": may_write(request.membership, template),
        "groups": _grouped(fields_of(values, template.purpose)),
        "documents": _offered(request, template),
        "trial": trial,
        "files": template.files.all(),
        "nonce": nonce,
    }  # fmt: skip
    status = 422 if form.errors else 200
    response = render(request, "outtray/templates/editor.html", page, status=status)
    response.headers["Content-Security-Policy"] = policy_with_style(nonce)
    return response


def _language(template: Template, wanted: str) -> str:
    """The wanted one, else one that the template speaks, the company's own before others."""
    if wanted in LANGUAGES:
        return wanted
    spoken = set(template.versions.values_list("language", flat=True))
    home = template.company.language
    return home if home in spoken or not spoken else min(spoken)


def _tabs(template: Template) -> list[LanguageTab]:
    numbers: dict[str, int] = {}
    for code, number in template.versions.values_list("language", "number"):
        numbers[code] = max(number, numbers.get(code, 0))
    return [LanguageTab(code, name, numbers.get(code, 0)) for code, name in LANGUAGES.items()]


def _grouped(fields: list[Field]) -> list[tuple[str, list[Field]]]:
    return [(name, list(each)) for name, each in groupby(fields, lambda field: field.group)]


def _offered(request: PersonRequest, template: Template) -> list[Document]:
    """Documents on which the letter can be looked at, the newest first."""
    if template.purpose == SEVERAL:
        return []
    mine = Document.objects.visible_to(request.membership).filter(kind=template.purpose)
    return list(mine.select_related("party").order_by("-pk")[:_MOST_OFFERED])


def _query(form: TemplateForm, language: str) -> str:
    document = form.cleaned_data["document"]
    return urlencode({"language": language, **({"document": document} if document else {})})
