"""The letter that tells of a paused mailbox: three files for each of its two kinds."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings

from outtray.automations.own_letters import local_time, own_letter
from outtray.compose.letter import Letter
from outtray.diagnosis.explain import Explanation
from outtray.mailboxes.models import Mailbox
from outtray.outbox.models import Email
from outtray.outbox.states import State
from outtray.people.models import Person


def notice_letter(
    mailbox: Mailbox, explanation: Explanation, *, carrier: Mailbox, persons: Sequence[Person]
) -> Letter:
    """Says what stopped the mailbox, what helps, who must act, and how many emails wait."""
    # One waits for a person, the other is tried again by itself.
    kind = "waits" if mailbox.paused_until is None else "rests"
    return own_letter(
        kind,
        _words(mailbox, explanation),
        steps=explanation.steps,
        carrier=carrier,
        persons=persons,
        reason="Told that a mailbox is paused",
    )


def _words(mailbox: Mailbox, explanation: Explanation) -> dict[str, str]:
    queued = Email.objects.filter(mailbox_id=mailbox.pk, state=State.QUEUED)
    return {
        "address": mailbox.address,
        "headline": explanation.headline,
        "who": explanation.who,
        "said": explanation.words or "none",
        "since": local_time(mailbox.company, mailbox.paused_at),
        "until": local_time(mailbox.company, mailbox.paused_until),
        "count": str(queued.count()),
        "link": f"{settings.BASE_URL}/mailboxes/{mailbox.pk}/",
    }
