"""What a person says of an email whose outcome is unknown."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from outtray.lib import clock
from outtray.lib.errors import Refused
from outtray.outbox.models import Email
from outtray.outbox.resolve import arrived, send_again
from outtray.web.answers import complain, tell
from outtray.web.deeds import do_to_one
from outtray.web.session import PersonRequest, person_required


@require_POST
@person_required
def confirm(request: PersonRequest, email_id: UUID) -> HttpResponse:
    """It arrived."""
    return do_to_one(request, email_id, arrived, "counted as sent")


@require_POST
@person_required
def resend(request: PersonRequest, email_id: UUID) -> HttpResponse:
    """It did not arrive: the same letter goes out once more, as a new email."""
    email = get_object_or_404(Email.objects.visible_to(request.membership), pk=email_id)
    try:
        again = send_again(email.pk, by=request.membership.person, at=clock.now())
    except Refused as refusal:
        complain(request, refusal)
        return redirect("email", email.pk)
    tell(request, "It was queued again as a new email. This is it.")
    return redirect("email", again.pk)
