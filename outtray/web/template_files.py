"""The files of a template: attachments of every letter, and pictures within it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_POST

from outtray.compose.templates.files import drop_file, keep_file, keep_picture
from outtray.compose.templates.index import KeptFile
from outtray.compose.templates.written import content_of
from outtray.lib import clock
from outtray.lib.errors import Refused
from outtray.web.answers import complain, tell
from outtray.web.files import download
from outtray.web.letter_templates import template_of
from outtray.web.session import PersonRequest, person_required


class FileForm(forms.Form):
    """One file, and whether the letter shows it."""

    file = forms.FileField(label="File")
    shown = forms.BooleanField(required=False)


@require_POST
@person_required
def create(request: PersonRequest, template_id: UUID) -> HttpResponse:
    template = template_of(request, template_id)
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        complain(request, Refused("no_file", "Choose a file first."))
        return redirect("template", template.pk)
    upload: UploadedFile[Any] = form.cleaned_data["file"]
    keep = keep_picture if form.cleaned_data["shown"] else keep_file
    try:
        kept = keep(
            request.membership,
            template,
            filename=upload.name or "file",
            content=upload.read(),
            at=clock.now(),
        )
    except Refused as refused:
        complain(request, refused)
    else:
        how = f"can be shown as cid:{kept.filename}" if kept.is_shown else "goes with every letter"
        tell(request, f"{kept.filename} {how}.")
    return redirect("template", template.pk)


@require_GET
@person_required
def show(request: PersonRequest, template_id: UUID, template_file_id: UUID) -> HttpResponse:
    file = get_object_or_404(template_of(request, template_id).files, pk=template_file_id)
    kept = KeptFile(file.filename, file.content_type, file.content, file.size)
    return download(content_of(kept), file.content_type, file.filename)


@require_POST
@person_required
def delete(request: PersonRequest, template_id: UUID, template_file_id: UUID) -> HttpResponse:
    template = template_of(request, template_id)
    file = get_object_or_404(template.files, pk=template_file_id)
    try:
        drop_file(request.membership, template, file)
    except Refused as refused:
        complain(request, refused)
    else:
        tell(request, f"{file.filename} is removed.")
    return redirect("template", template.pk)
