"""Why a mailbox is paused, explained as for Validate."""

from __future__ import annotations

from outtray.diagnosis.causes import Cause
from outtray.diagnosis.explain import Explanation, explain_cause
from outtray.mailboxes.models import Health, Mailbox


def pause_of(mailbox: Mailbox) -> Explanation | None:
    """What stopped this mailbox; None if it is not paused, or for no known cause."""
    if mailbox.health != Health.PAUSED or mailbox.pause_cause not in list(Cause):
        return None
    return explain_cause(
        Cause(mailbox.pause_cause),
        transport=mailbox.transport,
        settings=mailbox.settings,
        address=mailbox.address,
    )
