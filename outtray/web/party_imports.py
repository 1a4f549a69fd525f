"""Import of parties: from a CSV or JSON file or as pasted text, looked at before it is kept."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from outtray.documents.models import PartyRole
from outtray.documents.parties_import import PartyImport, import_parties
from outtray.documents.party_columns import COLUMNS, remember_columns
from outtray.documents.party_files import first_rows, text_in
from outtray.documents.party_history import LABELS
from outtray.lib import clock
from outtray.lib.errors import Refused
from outtray.web.answers import tell
from outtray.web.party_columns import ColumnsForm
from outtray.web.session import PersonRequest, person_required

MEGABYTE = 1024 * 1024
MOST_SHOWN = 500  # rows of the answer; what is wrong comes first


class PartiesForm(forms.Form):
    """A file or a text; the file wins."""

    role = forms.ChoiceField(
        label="Who they are",
        choices=[(PartyRole.CUSTOMER, "Customers"), (PartyRole.VENDOR, "Vendors")],
        initial=PartyRole.CUSTOMER,
        help_text="For rows without a column “role”.",
    )
    file = forms.FileField(
        label="File",
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.json"}),
    )
    text = forms.CharField(
        label="Or paste CSV or JSON",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "class": "mono", "spellcheck": "false"}),
    )
    keep_going = forms.BooleanField(
        label="Import the others when some are wrong",
        required=False,
        help_text="Otherwise one wrong party keeps all of them out.",
    )

    def clean(self) -> dict[str, object]:
        given = super().clean() or {}
        file = given.get("file")
        if file is None and not str(given.get("text") or "").strip():
            self.add_error("file", "Choose a file, or paste the parties below.")
        if file is not None and file.size > settings.MAX_IMPORT_BYTES:
            most = settings.MAX_IMPORT_BYTES // MEGABYTE
            self.add_error("file", f"At most {most} MB can be imported at once.")
        return given

    def payload(self) -> bytes:
        file = self.cleaned_data["file"]
        return file.read() if file is not None else str(self.cleaned_data["text"]).encode()


@require_http_methods(["GET", "POST"])
@person_required
def create(request: PersonRequest) -> HttpResponse:
    form = PartiesForm(request.POST or None, request.FILES or None)
    if request.method == "GET" or not form.is_valid():
        return _page(request, form, status=200 if request.method == "GET" else 422)
    preview, payload = "preview" in request.POST, form.payload()
    try:
        shown = _with_text(form, payload)
        columns = _columns(request, form, payload)
    except Refused as refusal:
        form.add_error("file" if form.cleaned_data["file"] else "text", refusal.detail)
        return _page(request, form, status=422)
    try:
        result = _take_in(request, form, payload, columns, preview=preview)
    except Refused as refusal:
        shown.add_error(None if columns else "text", _told(refusal))
        return _page(request, shown, columns=columns, status=422)
    if preview:
        return _page(request, shown, result, columns=columns, preview=True)
    if result.kept:
        count = len(result.kept)
        tell(request, f"{count} part{'y' if count == 1 else 'ies'} imported.")
        return _page(request, PartiesForm(), result)
    return _page(request, shown, result, columns=columns, status=422)


def _told(refusal: Refused) -> str:
    """What is wrong; of a column that nobody knows, what to do about it on this page."""
    heading = refusal.facts.get("heading")
    return f"Choose what “{heading}” means below, or leave it out." if heading else refusal.detail


def _take_in(
    request: PersonRequest,
    form: PartiesForm,
    payload: bytes,
    columns: ColumnsForm | None,
    *,
    preview: bool,
) -> PartyImport:
    """Keep the parties, and with them what was chosen for the columns of such tables."""
    membership, at = request.membership, clock.now()
    chosen = columns.chosen if columns else None
    result = import_parties(
        membership.company,
        payload,
        by=membership.person,
        at=at,
        role=form.cleaned_data["role"],
        keep_going=form.cleaned_data["keep_going"],
        preview=preview,
        columns=chosen,
    )
    if columns and chosen and result.kept and not preview:
        remember_columns(membership.company, columns.header, chosen, by=membership.person, at=at)
    return result


def _columns(request: PersonRequest, form: PartiesForm, payload: bytes) -> ColumnsForm | None:
    """What the columns of a table are taken for. None for JSON."""
    rows = first_rows(payload, most_bytes=settings.MAX_IMPORT_BYTES)
    if not rows:
        return None
    company, role = request.membership.company, form.cleaned_data["role"]
    return ColumnsForm(rows, company, role, request.POST)


def _with_text(form: PartiesForm, payload: bytes) -> PartiesForm:
    """What was looked at stays on the page, so that it can be kept without choosing it again."""
    text = text_in(payload, most_bytes=settings.MAX_IMPORT_BYTES)
    shown = PartiesForm({**form.cleaned_data, "text": text, "file": None})
    shown.is_valid()
    return shown


def _page(
    request: PersonRequest,
    form: PartiesForm,
    result: PartyImport | None = None,
    *,
    columns: ColumnsForm | None = None,
    preview: bool = False,
    status: int = 200,
) -> HttpResponse:
    items = sorted(result.items, key=lambda item: not item.problems) if result else []
    shown = {
        "form": form,
        "result": result,
        "items": [(item, [LABELS[name] for name in item.changed]) for item in items[:MOST_SHOWN]],
        "more": max(0, len(items) - MOST_SHOWN),
        "counts": _counts(result) if result else [],
        "preview": preview,
        "columns": COLUMNS,
        "meanings": columns,
        "is_doubtful": status != 200,
        "most": settings.MAX_IMPORT_BYTES // MEGABYTE,
    }
    return render(request, "outtray/parties/import.html", shown, status=status)


def _counts(result: PartyImport) -> list[tuple[int, str]]:
    """How many of what, as far as there are any."""
    words = (
        ("created", "new"),
        ("updated", "changed"),
        ("unchanged", "unchanged"),
        ("refused", "wrong"),
        ("skipped", "left out"),
    )
    statuses = [item.status.value for item in result.items]
    return [(statuses.count(name), word) for name, word in words if name in statuses]
