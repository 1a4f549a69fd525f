"""The message that a person looked at before it is sent: it goes out as it was seen, byte for byte.

It is kept with the draft. As long as the letter is the same and the look not long ago, the
same bytes are taken; otherwise the message is written anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from outtray.compose.by_hand.models import Draft
from outtray.compose.letter import Letter
from outtray.lib.errors import Refused
from outtray.mailboxes.models import Mailbox
from outtray.outbox.accept import Written, write

FRESH = timedelta(hours=1)  # the message bears the time at which it was written


def look_at(draft: Draft, letter: Letter, *, mailbox: Mailbox, at: datetime) -> None:
    """Write the message of a draft and keep it, to be shown, and to be sent as it is.

    Raises Refused for a letter that no email can be made of.
    """
    message = write(letter, mailbox=mailbox, at=at).message
    draft.seen_message = message.content
    draft.seen_message_id = message.message_id
    draft.seen_letter = fingerprint(letter)
    draft.seen_at = at
    draft.save(update_fields=["seen_message", "seen_message_id", "seen_letter", "seen_at"])


def as_seen(
    draft: Draft | None, letter: Letter, *, mailbox: Mailbox, at: datetime, seen: str = ""
) -> Written:
    """The message as it was looked at, where that was this very letter; else a new one.

    `seen` is the fingerprint of what a person agreed to. Raises Refused("not_as_seen") if the
    letter is another one by now.
    """
    same = fingerprint(letter)
    if seen and seen != same:
        raise Refused(
            "not_as_seen",
            "The letter is no longer the one that you looked at: it, or what goes with it, was "
            "changed. Look at it again.",
        )
    written = write(letter, mailbox=mailbox, at=at)
    if draft is None or draft.seen_message is None or draft.seen_letter != same:
        return written
    if draft.seen_at is None or at - draft.seen_at > FRESH:
        return written
    kept = replace(
        written.message, content=bytes(draft.seen_message), message_id=draft.seen_message_id
    )
    return replace(written, message=kept)


def fingerprint(letter: Letter) -> str:
    """The same for two letters only if their messages say and carry the same to the same."""
    digest = hashlib.sha256()
    for part in _parts(letter):
        digest.update(repr(part).encode())
    return digest.hexdigest()


def _parts(letter: Letter) -> Iterator[object]:
    yield letter.sender, letter.reply_to, letter.subject, letter.text, letter.html, letter.headers
    for each in letter.recipients:
        yield each.kind, each.address
    for image in letter.inline:
        yield image.cid, image.content_type, hashlib.sha256(image.content).hexdigest()
    for file in letter.enclosures:
        yield file.filename, file.content_type, hashlib.sha256(file.content).hexdigest()
