"""Try again what has failed."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from outtray.outbox.requeue import requeue
from outtray.web.deeds import do_to_chosen, do_to_one
from outtray.web.session import PersonRequest, person_required


@require_POST
@person_required
def create(request: PersonRequest, email_id: UUID) -> HttpResponse:
    return do_to_one(request, email_id, requeue, "queued to be tried again")


@require_POST
@person_required
def create_many(request: PersonRequest) -> HttpResponse:
    return do_to_chosen(request, requeue, "queued to be tried again")
