"""Why a mailbox is paused, explained as for Validate."""

from __future__ import annotations

from outtray.diagnosis.explain import Explanation
from outtray.diagnosis.kept import explain_pause
from outtray.mailboxes.models import Mailbox


def pause_of(mailbox: Mailbox) -> Explanation | None:
    """What stopped this mailbox; None if it is not paused."""
    return explain_pause(mailbox)
