"""The proof of sending of an email, as a PDF."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router

from outtray.api.access import me
from outtray.api.email_shapes import found
from outtray.lib import clock
from outtray.outbox.proof import proof_of
from outtray.people.zones import zone_of

router = Router(tags=["Emails"])

_PDF: dict[str, Any] = {
    "responses": {
        200: {
            "description": "The proof as a PDF",
            "content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}},
        }
    }
}


@router.get("/{uuid:email_id}/proof", openapi_extra=_PDF, operation_id="read_proof")
def show(request: HttpRequest, email_id: UUID) -> HttpResponse:
    """Read the proof of sending: message, recipients, servers' answers, times and digests."""
    proof = proof_of(found(request, email_id), at=clock.now(), zone=zone_of(me(request)))
    return HttpResponse(proof.content, content_type="application/pdf")
