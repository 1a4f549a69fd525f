"""Cancel emails that have not gone."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from outtray.outbox.cancel import cancel
from outtray.web.deeds import do_to_chosen, do_to_one
from outtray.web.session import PersonRequest, person_required


@require_POST
@person_required
def create(request: PersonRequest, email_id: UUID) -> HttpResponse:
    return do_to_one(request, email_id, cancel, "cancelled")


@require_POST
@person_required
def create_many(request: PersonRequest) -> HttpResponse:
    return do_to_chosen(request, cancel, "cancelled")


@require_POST
@person_required
def undo(request: PersonRequest) -> HttpResponse:
    """Take back what was added a moment ago, all of it that has not left yet."""
    return do_to_chosen(request, cancel, "taken back. Nothing was sent")
