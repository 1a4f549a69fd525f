"""The files of a draft: sent up at once, checked, shown, taken away again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.views.decorators.http import require_GET, require_POST

from outtray.compose.by_hand.drafts import attach_file, keep, remove_file, require_version
from outtray.compose.by_hand.models import Draft, DraftFile, DraftQuerySet
from outtray.lib import clock
from outtray.lib.errors import Refused
from outtray.web.compositions import posted
from outtray.web.drafts import refused
from outtray.web.files import download
from outtray.web.letter_form import letter_file
from outtray.web.session import PersonRequest, person_required


@require_POST
@person_required
def create(request: PersonRequest, draft_id: UUID) -> HttpResponse:
    """Attach one file, named `file`. A draft that was not kept yet is begun by it."""
    try:
        form, _ = posted(request, draft_id)
        upload = _upload(request)
        at, version = clock.now(), form.draft_version
        draft = require_version(request.membership, draft_id, version)
        if draft is None:
            draft = keep(request.membership, draft_id, form.begun(), version=0, at=at)
        attach_file(draft, letter_file(upload), at=at)
    except Refused as refusal:
        return refused(refusal)
    return _listed(request, draft)


@require_POST
@person_required
def delete(request: PersonRequest, draft_id: UUID, file_id: int) -> HttpResponse:
    """Take a file away again."""
    try:
        form, _ = posted(request, draft_id)
        draft = require_version(request.membership, draft_id, form.draft_version)
        if draft:
            remove_file(draft, file_id, at=clock.now())
    except Refused as refusal:
        return refused(refusal)
    return _listed(request, get_object_or_404(_mine(request), pk=draft_id))


@require_GET
@person_required
def show(request: PersonRequest, draft_id: UUID, file_id: int) -> HttpResponse:
    """The file as it was attached."""
    file = get_object_or_404(DraftFile, pk=file_id, draft__in=_mine(request).filter(pk=draft_id))
    return download(bytes(file.content), file.content_type, file.filename)


def _upload(request: PersonRequest) -> UploadedFile[Any]:
    upload = request.FILES.get("file")
    if not isinstance(upload, UploadedFile):
        raise Refused("no_file", "No file was sent.", field="file")
    return upload


def _listed(request: PersonRequest, draft: Draft) -> HttpResponse:
    files = draft.files.defer("content")
    shown = {"files": files, "draft_id": draft.pk}
    listed = render_to_string("outtray/letters/files.html", shown, request=request)
    return JsonResponse({"version": draft.version, "files": listed})


def _mine(request: PersonRequest) -> DraftQuerySet:
    return Draft.objects.visible_to(request.membership)
