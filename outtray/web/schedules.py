"""Give a waiting email another time."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from outtray.outbox.models import Email
from outtray.outbox.schedule import reschedule
from outtray.web.deeds import back, do_to_one
from outtray.web.sending import moment_field
from outtray.web.session import PersonRequest, person_required


class ScheduleForm(forms.Form):
    """When an email is to be sent."""

    at = moment_field(required=True)


@require_POST
@person_required
def create(request: PersonRequest, email_id: UUID) -> HttpResponse:
    get_object_or_404(Email.objects.visible_to(request.membership), pk=email_id)
    form = ScheduleForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Say when it is to be sent, as a date and a time.")
        return back(request)
    verb = partial(reschedule, due_at=form.cleaned_data["at"])
    return do_to_one(request, email_id, verb, "given another time")
