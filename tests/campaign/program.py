"""What puts emails into the queue, and says of each that it was accepted."""

from __future__ import annotations

import os
import random
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from django.db import Error, connection

from outtray.compose.letter import Letter as OutgoingLetter
from outtray.lib.clock import Clock
from outtray.lib.errors import Refused
from outtray.mailboxes.models import Mailbox
from outtray.outbox.accept import Terms, accept
from outtray.outbox.cancel import cancel
from outtray.outbox.hold import hold, release
from tests.builders import letter
from tests.campaign.founding import mailboxes
from tests.campaign.schedule import Letter

TRIES = 5


def put(letters: Sequence[Letter], clock: Clock, *, begin: int) -> list[tuple[UUID, str]]:
    """Accept these; their ids and Message-IDs."""
    senders = mailboxes()
    return [
        _put(each, senders[each.mailbox], number, clock)
        for number, each in enumerate(letters, begin)
    ]


def run(
    letters: Sequence[Letter],
    clock: Clock,
    *,
    begin: int,
    known: Sequence[UUID],
    meddling: float,
    seed: int,
    answers: int,
) -> None:
    """Accept these one by one, and tell each Message-ID through the pipe once it is accepted.

    Between them hold, release and cancel this and that, as people do.
    """
    dice = random.Random(seed)
    ids = list(known)
    for number, each in enumerate(letters, begin):
        accepted = _insist(each, number, clock)
        if accepted:
            ids.append(accepted[0])
            os.write(answers, f"{accepted[1]}\n".encode())
        if dice.random() < meddling:
            _meddle(dice.choice(ids), dice, clock)


def _insist(each: Letter, number: int, clock: Clock) -> tuple[UUID, str] | None:
    """Try again under the same key while the database is away or the disk is full."""
    for _ in range(TRIES):
        try:
            return _put(each, mailboxes()[each.mailbox], number, clock)
        except (Error, Refused):
            connection.close()
    return None


def _put(each: Letter, mailbox: Mailbox, number: int, clock: Clock) -> tuple[UUID, str]:
    to = [f"customer{number}-{place}@kunde.example" for place in range(each.recipients)]
    terms = Terms(at=clock.now(), key=f"letter {number}", fingerprint=f"{number}")
    email = accept(_with_blind_copy(letter(mailbox, to)), mailbox=mailbox, terms=terms)
    return email.pk, email.message_id


def _with_blind_copy(composed: OutgoingLetter) -> OutgoingLetter:
    """The last of three gets it without being shown."""
    *others, last = composed.recipients
    if len(others) < 2:
        return composed
    return replace(composed, recipients=(*others, replace(last, kind="bcc")))


def _meddle(email_id: UUID, dice: random.Random, clock: Clock) -> None:
    verb = dice.choice((cancel, hold, hold, release))
    try:
        verb(email_id, by=None, at=clock.now())
    except (Error, Refused):
        connection.close()
