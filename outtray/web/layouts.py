"""PDF layouts: the list, one beside its preview, and deleting it."""

from __future__ import annotations

import base64
from dataclasses import replace
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from outtray.documents.keep_layout import delete_layout, drafted, keep_layout
from outtray.documents.layout_trials import paper_to_show
from outtray.documents.layouts import Layout
from outtray.documents.looks import Looks
from outtray.documents.pdf.typesetting import draw_paper
from outtray.lib import clock
from outtray.lib.errors import Refused
from outtray.web.answers import attach, tell
from outtray.web.identifiers import uuid_or_none
from outtray.web.layout_form import LayoutForm, fresh, stored
from outtray.web.session import PersonRequest, administrator_required


@require_GET
@administrator_required
def index(request: PersonRequest) -> HttpResponse:
    layouts = list(Layout.objects.visible_to(request.membership).order_by("name"))
    page = {"layouts": layouts, "has_default": any(each.is_default for each in layouts)}
    return render(request, "outtray/settings/layouts.html", page)


@require_http_methods(["GET", "POST"])
@administrator_required
def create(request: PersonRequest) -> HttpResponse:
    return _edited(request, None)


@require_http_methods(["GET", "POST"])
@administrator_required
def show(request: PersonRequest, layout_id: UUID) -> HttpResponse:
    return _edited(request, _layout_of(request, layout_id))


@require_POST
@administrator_required
def delete(request: PersonRequest, layout_id: UUID) -> HttpResponse:
    layout = _layout_of(request, layout_id)
    delete_layout(request.membership, layout)
    tell(request, f"The layout “{layout.name}” is deleted. Sent documents keep how they look.")
    return redirect("layouts")


@require_POST
@administrator_required
def preview(request: PersonRequest) -> HttpResponse:
    """The pages of a document in the layout as it stands in the form."""
    form = LayoutForm(request.POST, request.FILES)
    form.fields["name"].required = False
    if not form.is_valid():
        problem = " ".join(str(error) for errors in form.errors.values() for error in errors)
        return render(request, "outtray/settings/layout_pages.html", {"problem": problem})
    try:
        pages = _pages(request, form)
    except Refused as refused:
        page = {"problem": refused.detail}
        return render(request, "outtray/settings/layout_pages.html", page)
    return render(request, "outtray/settings/layout_pages.html", {"pages": pages})


def _edited(request: PersonRequest, layout: Layout | None) -> HttpResponse:
    company = request.membership.company
    initial = stored(layout, company) if layout else fresh(company)
    form = LayoutForm(request.POST or None, request.FILES or None, initial=initial)
    if form.is_valid():
        try:
            wish = form.wish(layout)
            kept = keep_layout(request.membership, wish, layout=layout, at=clock.now())
        except Refused as refused:
            attach(form, refused)
        else:
            tell(request, f"The layout “{kept.name}” is saved. New emails go out with it.")
            return redirect("layout", kept.pk)
    page = {"form": form, "layout": layout, "company": company}
    status = 422 if form.errors else 200
    return render(request, "outtray/settings/layout.html", page, status=status)


def _pages(request: PersonRequest, form: LayoutForm) -> list[str]:
    company = request.membership.company
    layout = _edited_layout(request)
    wish = replace(form.wish(layout), name=form.cleaned_data["name"] or "Preview")
    look = Looks.of(company).of_layout(drafted(company, wish, layout=layout, at=clock.now()))
    kind = form.cleaned_data["shown_kind"] or "invoice"
    language = form.cleaned_data["shown_language"] or company.language
    data = paper_to_show(request.membership, kind, language, at=clock.now())
    return [base64.b64encode(page).decode() for page in draw_paper(kind, data, look)[:3]]


def _edited_layout(request: PersonRequest) -> Layout | None:
    wanted = uuid_or_none(request.POST.get("layout"))
    return _layout_of(request, wanted) if wanted else None


def _layout_of(request: PersonRequest, layout_id: UUID) -> Layout:
    return get_object_or_404(Layout.objects.visible_to(request.membership), pk=layout_id)
