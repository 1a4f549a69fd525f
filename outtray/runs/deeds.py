"""What a pause, its end or a stop means for the emails that a run has made already."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from outtray.outbox.cancel import cancel_all
from outtray.outbox.hold import hold_all, release_all
from outtray.outbox.together import alone
from outtray.runs.models import Deed, Run

AT_ONCE = 500


def follow(run: Run, *, at: datetime) -> None:
    """Do it to the next few hundred emails; when there are no more, the deed is done."""
    made = run.rows.filter(email__isnull=False, position__gt=run.deed_after)
    rows = list(made.order_by("position").values_list("position", "email_id")[:AT_ONCE])
    emails = {email_id for _, email_id in rows if email_id}
    # Nobody has given the run another turn meanwhile, or it is that one's to do.
    same = Run.objects.filter(pk=run.pk, deed=run.deed, deed_after=run.deed_after)
    with alone():
        if not rows:
            same.update(deed=Deed.NONE, deed_after=0)
        elif same.update(deed_after=rows[-1][0]):
            _do(Deed(run.deed), emails, at=at)


def _do(deed: Deed, emails: set[UUID], *, at: datetime) -> None:
    if deed == Deed.HOLD:
        hold_all(emails, at=at)
    elif deed == Deed.RELEASE:
        release_all(emails, at=at)
    elif deed == Deed.CANCEL:
        cancel_all(emails, by=None, at=at)
