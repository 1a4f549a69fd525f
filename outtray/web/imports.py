"""Import: a file is looked at first, and its documents are kept when that is pressed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from outtray.documents.importing import File, Format
from outtray.documents.imports.csv.fields import fields_of
from outtray.documents.imports.csv.mapping import Mapping as ColumnMapping
from outtray.documents.imports.drafts import keep_draft, settle_mapping, start_draft
from outtray.documents.imports.models import DraftState, ImportDraft
from outtray.documents.kinds.registry import KINDS
from outtray.documents.parsing import MOST_DOCUMENTS
from outtray.lib import clock
from outtray.lib.errors import Refused
from outtray.outbox.add_to_queue import MAX_DOCUMENTS
from outtray.web.answers import tell
from outtray.web.import_mapping import MappingForm, attach_refusal
from outtray.web.session import PersonRequest, person_required

MEGABYTE = 1024 * 1024
ROWS = 100
FORMATS = {
    Format.JSON: "JSON",
    Format.CSV: "CSV table",
    Format.UBL: "UBL 2.1",
    Format.CII: "CII (EN 16931)",
    Format.FACTURX: "Factur-X or ZUGFeRD",
}
# In the order in which they are shown: what concerns somebody first.
STATUSES = {
    "refused": "Wrong",
    "created": "New",
    "updated": "Changed",
    "unchanged": "Unchanged",
    "skipped": "Left out",
}


class ImportForm(forms.Form):
    """A file or a text; the file wins."""

    file = forms.FileField(
        label="File",
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".json,.csv,.tsv,.txt,.xml,.pdf"}),
    )
    format = forms.ChoiceField(
        label="Format",
        required=False,
        choices=[("", "Recognise it"), *((each.value, name) for each, name in FORMATS.items())],
    )
    text = forms.CharField(
        label="Or paste it",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6, "class": "mono", "spellcheck": "false"}),
    )

    def clean(self) -> dict[str, object]:
        given = super().clean() or {}
        file = given.get("file")
        if file is None and not str(given.get("text") or "").strip():
            self.add_error("file", "Choose a file, or paste the documents below.")
        if file is not None and file.size > settings.MAX_IMPORT_BYTES:
            self.add_error("file", _too_large(file.size))
        return given

    @property
    def given(self) -> File:
        file, name = self.cleaned_data["file"], self.cleaned_data["format"]
        return File(
            file.read() if file is not None else str(self.cleaned_data["text"]).encode(),
            name=file.name if file is not None else "",
            format=Format(name) if name else None,
        )


@require_http_methods(["GET", "POST"])
@person_required
def create(request: PersonRequest) -> HttpResponse:
    """The file as it is chosen; what is in it is shown on the next page."""
    if request.method == "GET":
        return _upload_page(request, ImportForm())
    form = ImportForm(request.POST, request.FILES)
    if not form.is_valid():
        return _upload_page(request, form, status=422)
    draft = start_draft(request.membership, form.given, at=clock.now())
    return redirect("import_draft", draft.pk)


@require_GET
@person_required
def show(request: PersonRequest, import_id: UUID) -> HttpResponse:
    return _page(request, _draft(request, import_id))


@require_GET
@person_required
def status(request: PersonRequest, import_id: UUID) -> HttpResponse:
    """How far it has come, for the open page; when it is done, the page itself."""
    draft = _draft(request, import_id)
    if draft.state in {DraftState.PREVIEWED, DraftState.DONE}:
        return HttpResponse(headers={"HX-Redirect": reverse("import_draft", args=[draft.pk])})
    return render(request, "outtray/imports/progress.html", {"draft": draft})


@require_POST
@person_required
def settle(request: PersonRequest, import_id: UUID) -> HttpResponse:
    """Take the columns for what the person says they are, and look again."""
    draft = _draft(request, import_id)
    if draft.mapping is None or draft.table is None or draft.state != DraftState.PREVIEWED:
        return redirect("import_draft", draft.pk)
    form = MappingForm(draft.table, ColumnMapping.from_json(draft.mapping), request.POST)
    if not form.is_valid():
        return _page(request, draft, form=form, code=422)
    try:
        settle_mapping(draft, form.mapping, at=clock.now())
    except Refused as refusal:
        attach_refusal(form, refusal)
        return _page(request, draft, form=form, code=422)
    return redirect("import_draft", draft.pk)


@require_POST
@person_required
def keep(request: PersonRequest, import_id: UUID) -> HttpResponse:
    """Keep what was shown; with wrong ones among them, the right ones."""
    draft = _draft(request, import_id)
    keep_draft(draft, keep_going="keep_going" in request.POST, at=clock.now())
    return redirect("import_draft", draft.pk)


@require_POST
@person_required
def discard(request: PersonRequest, import_id: UUID) -> HttpResponse:
    """Forget the file. What is being kept just now is not, unless it is there already."""
    _draft(request, import_id).delete()
    tell(request, "The file was discarded.")
    return redirect("import")


def _draft(request: PersonRequest, import_id: UUID) -> ImportDraft:
    drafts = ImportDraft.objects.of(request.membership).defer("packed")
    return get_object_or_404(drafts, pk=import_id)


def _upload_page(request: PersonRequest, form: ImportForm, *, status: int = 200) -> HttpResponse:
    last = ImportDraft.objects.of(request.membership).defer("packed", "items").first()
    most = f"Up to {settings.MAX_IMPORT_BYTES // MEGABYTE} MB, {MOST_DOCUMENTS:,} documents."
    shown = {"form": form, "most_text": most, "last": last}
    return render(request, "outtray/imports/upload.html", shown, status=status)


@dataclass(frozen=True, slots=True)
class _Tab:
    status: str
    word: str
    count: int


def _page(
    request: PersonRequest, draft: ImportDraft, *, form: MappingForm | None = None, code: int = 200
) -> HttpResponse:
    items = [item for item in draft.items if _is_wanted(item, request.GET.get("status", ""))]
    number = _page_number(request.GET.get("page", ""), len(items))
    mapping = ColumnMapping.from_json(draft.mapping) if draft.mapping else None
    if form is None and mapping and draft.table:
        form = MappingForm(draft.table, mapping)
    shown = {
        "draft": draft,
        "format": FORMATS.get(Format(draft.format), "") if draft.format else "",
        "items": [_row(item) for item in items[(number - 1) * ROWS : number * ROWS]],
        "number": number,
        "pages": -(-len(items) // ROWS),
        "tabs": _tabs(draft),
        "chosen_status": request.GET.get("status", ""),
        "labels": {name: kind.label("en") for name, kind in KINDS.items()},
        "mapping_form": form if draft.state == DraftState.PREVIEWED else None,
        "missing": _labels(mapping) if mapping else [],
        **_numbers(draft.counts),
        "queue_ids": _queue_ids(draft.items) if draft.state == DraftState.DONE else "",
    }
    return render(request, "outtray/imports/draft.html", shown, status=code)


def _is_wanted(item: Mapping[str, Any], status: str) -> bool:
    return not status or item["status"] == status


def _row(item: Mapping[str, Any]) -> dict[str, Any]:
    """An item with its date and amount as such again."""
    return {
        **item,
        "date": date.fromisoformat(item["date"]) if item["date"] else None,
        "total": Decimal(item["total"]) if item["total"] else None,
    }


def _page_number(text: str, count: int) -> int:
    last = max(1, -(-count // ROWS))
    return min(max(1, int(text)), last) if text.isascii() and text.isdigit() else 1


def _tabs(draft: ImportDraft) -> list[_Tab]:
    return [
        _Tab(status, word, draft.counts[status])
        for status, word in STATUSES.items()
        if draft.counts.get(status)
    ]


def _labels(mapping: ColumnMapping) -> list[str]:
    return [fields_of(mapping.kind)[path].label for path in mapping.missing()]


def _numbers(counts: Mapping[str, int]) -> dict[str, int]:
    changing = counts.get("created", 0) + counts.get("updated", 0)
    right = changing + counts.get("unchanged", 0)
    return {"wrong": counts.get("refused", 0), "changing": changing, "right": right}


def _queue_ids(items: Sequence[Mapping[str, Any]]) -> str:
    """What came in and can be sent next, as long as an address can name so many."""
    ids = [item["id"] for item in items if item["id"]]
    return ",".join(ids) if len(ids) <= MAX_DOCUMENTS else ""


def _too_large(size: int) -> str:
    most = settings.MAX_IMPORT_BYTES // MEGABYTE
    return f"This file has {size / MEGABYTE:,.0f} MB; at most {most} MB can be imported at once."
