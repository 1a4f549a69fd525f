"""The watched folder: which one, and what came out of it lately."""

from __future__ import annotations

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from outtray.documents.imports.folders import root, unwatch, watch
from outtray.documents.imports.models import TakenFile, WatchedFolder
from outtray.lib import clock
from outtray.lib.errors import Refused
from outtray.web.answers import attach, tell
from outtray.web.session import PersonRequest, administrator_required

_LATELY = 20


class FolderForm(forms.Form):
    """The name of the folder, and what happens with wrong documents."""

    path = forms.CharField(label="Folder", max_length=100)
    keep_going = forms.BooleanField(
        label="Import the others when some are wrong",
        required=False,
        help_text="Otherwise one wrong document keeps the whole file out.",
    )


@require_http_methods(["GET", "POST"])
@administrator_required
def show(request: PersonRequest) -> HttpResponse:
    watched = WatchedFolder.objects.filter(company=request.membership.company).first()
    if request.method == "GET":
        known = {"path": watched.path, "keep_going": watched.keep_going} if watched else {}
        return _page(request, FolderForm(initial=known), watched)
    form = FolderForm(request.POST)
    if not form.is_valid():
        return _page(request, form, watched, status=422)
    given = form.cleaned_data
    try:
        watch(request.membership, given["path"], keep_going=given["keep_going"], at=clock.now())
    except Refused as refusal:
        attach(form, refusal)
        return _page(request, form, watched, status=422)
    tell(request, "The folder is watched.")
    return redirect("import_folder")


@require_POST
@administrator_required
def delete(request: PersonRequest) -> HttpResponse:
    unwatch(request.membership)
    tell(request, "The folder is no longer watched. Its files stay.")
    return redirect("import_folder")


def _page(
    request: PersonRequest, form: FolderForm, watched: WatchedFolder | None, *, status: int = 200
) -> HttpResponse:
    taken = TakenFile.objects.filter(company=request.membership.company).order_by("-taken_at")
    shown = {"form": form, "watched": watched, "root": root(), "taken": taken[:_LATELY]}
    return render(request, "outtray/settings/import_folder.html", shown, status=status)
