"""What is known of an email whose end is unknown, as the API tells it."""

from __future__ import annotations

from datetime import datetime

from ninja import Schema


class LookShape(Schema):
    """One look into the mailbox's Sent folder, and what it came to."""

    at: datetime
    told: str


class UnknownShape(Schema):
    """What a person can decide by: it arrived, or send it again.

    `look_up_at` is when the Sent folder is looked into next; without it only a person can
    tell. `last_words` is the last that the server said.
    """

    handed_over_at: datetime
    mailbox: str
    server: str
    how_far: str
    last_words: str
    message_id: str
    recipients: list[str]
    looks: list[LookShape]
    look_up_at: datetime | None
