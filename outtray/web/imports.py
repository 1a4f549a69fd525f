"""Import: documents from a JSON file, or as pasted text."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from outtray.documents.importing import ImportResult, import_documents
from outtray.documents.kinds.registry import KINDS
from outtray.lib import clock
from outtray.lib.errors import Refused
from outtray.outbox.add_to_queue import MAX_DOCUMENTS
from outtray.web.answers import tell
from outtray.web.session import PersonRequest, person_required

MEGABYTE = 1024 * 1024


class ImportForm(forms.Form):
    """A file or a text; the file wins."""

    file = forms.FileField(
        label="File",
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
    )
    text = forms.CharField(
        label="Or paste JSON",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "class": "mono", "spellcheck": "false"}),
    )
    keep_going = forms.BooleanField(
        label="Import the others when some are wrong",
        required=False,
        help_text="Otherwise one wrong document keeps all of them out.",
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
    def payload(self) -> bytes:
        file = self.cleaned_data["file"]
        return file.read() if file is not None else str(self.cleaned_data["text"]).encode()


@require_http_methods(["GET", "POST"])
@person_required
def create(request: PersonRequest) -> HttpResponse:
    if request.method == "GET":
        return _page(request, ImportForm())
    form = ImportForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        result = import_documents(
            request.membership.company,
            form.payload,
            by=request.membership.person,
            at=clock.now(),
            keep_going=form.cleaned_data["keep_going"],
        )
    except Refused as refusal:
        form.add_error("file" if form.cleaned_data["file"] else "text", refusal.detail)
        return _page(request, form, status=422)
    return _answer(request, form, result)


def _answer(request: PersonRequest, form: ImportForm, result: ImportResult) -> HttpResponse:
    """What became of each document; what went wrong stays here to be put right."""
    if result.imported:
        count = len(result.documents)
        tell(request, f"{count} document{'' if count == 1 else 's'} imported.")
    return _page(request, form, result=result, status=200 if result.imported else 422)


def _page(
    request: PersonRequest,
    form: ImportForm,
    *,
    result: ImportResult | None = None,
    status: int = 200,
) -> HttpResponse:
    shown = {
        "form": form,
        "result": result,
        "labels": {name: kind.label("en") for name, kind in KINDS.items()},
        "chosen": _ids(result) if result and len(result.documents) <= MAX_DOCUMENTS else "",
        "most": settings.MAX_IMPORT_BYTES // MEGABYTE,
    }
    return render(request, "outtray/documents/import.html", shown, status=status)


def _ids(result: ImportResult) -> str:
    return ",".join(str(document.pk) for document in result.documents)


def _too_large(size: int) -> str:
    most = settings.MAX_IMPORT_BYTES // MEGABYTE
    return f"This file has {size / MEGABYTE:,.0f} MB; at most {most} MB can be imported at once."
