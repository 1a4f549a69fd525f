"""Try again what was refused for good, because a person says so."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from outtray.lib.errors import Refused
from outtray.outbox.events import Code
from outtray.outbox.late import too_late
from outtray.outbox.models import Email, Recipient
from outtray.outbox.move import move
from outtray.outbox.states import Reason, RecipientState, State
from outtray.outbox.waking import wake_for
from outtray.people.models import Person


def requeue(email_id: UUID, *, by: Person | None, at: datetime) -> None:
    """Put a failed email back, the same bytes to the same refused recipients.

    Raises Refused if it has not failed, or goes out as a new email already: what may have
    arrived is never sent again here.
    """
    with transaction.atomic():
        _refuse_sent_again(email_id)
        moved = move(
            email_id,
            (State.FAILED, State.QUEUED),
            Code.REQUEUED,
            at=at,
            by=by,
            due_at=at,
            first_due_at=at,
            tries=0,
            reason=Reason.NONE,
            reason_detail="",
        )
        if not moved:
            raise too_late(email_id, "tried again")
        refused = Recipient.objects.filter(email_id=email_id, state=RecipientState.FAILED)
        refused.update(state=RecipientState.WAITING, settled_at=None)
        wake_for(email_id)


def _refuse_sent_again(email_id: UUID) -> None:
    if Email.objects.filter(resend_of=email_id).exists():
        raise Refused(
            "sent_again", "This email was sent again as a new one. Look at that one instead."
        )
