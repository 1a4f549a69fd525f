"""Let held emails go."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from outtray.outbox.hold import release
from outtray.web.deeds import do_to_chosen, do_to_one
from outtray.web.session import PersonRequest, person_required


@require_POST
@person_required
def create(request: PersonRequest, email_id: UUID) -> HttpResponse:
    return do_to_one(request, email_id, release, "released")


@require_POST
@person_required
def create_many(request: PersonRequest) -> HttpResponse:
    return do_to_chosen(request, release, "released")
