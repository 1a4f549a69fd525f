"""The proof of sending of an email, as a PDF."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from outtray.lib import clock
from outtray.outbox.models import Email
from outtray.outbox.proof import proof_of
from outtray.people.zones import zone_of
from outtray.web.files import download
from outtray.web.session import PersonRequest, person_required


@require_GET
@person_required
def show(request: PersonRequest, email_id: UUID) -> HttpResponse:
    """What is known of it now, with times in the person's own time zone."""
    emails = Email.objects.visible_to(request.membership).select_related("company", "mailbox")
    email = get_object_or_404(emails, pk=email_id)
    proof = proof_of(email, at=clock.now(), zone=zone_of(request.membership))
    return download(proof.content, "application/pdf", proof.filename)
