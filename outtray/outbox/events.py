"""What can happen to an email: the codes of its history, each with its sentence."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Code(StrEnum):
    """The code of an Event."""

    ACCEPTED = "accepted"
    HELD = "held"
    RELEASED = "released"
    RESCHEDULED = "rescheduled"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    CLAIMED = "claimed"
    GIVEN_BACK = "given_back"
    RECOVERED = "recovered"
    RETRY = "retry"
    CONTINUED = "continued"
    SENT = "sent"
    PARTLY_SENT = "partly_sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    FOUND = "found"
    ABSENT = "absent"
    LOOKED_UP = "looked_up"
    ASKED = "asked"
    ARRIVED = "arrived"
    SENT_AGAIN = "sent_again"
    READDRESSED = "readdressed"
    REQUEUED = "requeued"
    FILED = "filed"
    NOT_FILED = "not_filed"


SENTENCES: Mapping[Code, str] = {
    Code.ACCEPTED: "Added to the Email Queue",
    Code.HELD: "Put on hold",
    Code.RELEASED: "Released",
    Code.RESCHEDULED: "Given another time",
    Code.CANCELLED: "Cancelled",
    Code.EXPIRED: "Not sent in time",
    Code.CLAIMED: "Sending began",
    Code.GIVEN_BACK: "Put back into the queue, nothing was handed over",
    Code.RECOVERED: "Sending was cut off before anything was handed over; queued again",
    Code.RETRY: "Refused for now, to be tried again",
    Code.CONTINUED: "Sent to as many as the server takes at once; the others follow",
    Code.SENT: "Sent: the server accepted it",
    Code.PARTLY_SENT: "Sent to some; the others were refused",
    Code.FAILED: "Failed",
    Code.UNKNOWN: "Handed over, but no answer came: it may or may not have been sent",
    Code.FOUND: "Found in the mailbox's Sent folder: it was sent",
    Code.ABSENT: "Not in the mailbox's Sent folder: it was not sent, and is queued again",
    Code.LOOKED_UP: "Looked for in the mailbox's Sent folder, without an answer so far",
    Code.ASKED: "Only a person can tell whether it was sent",
    Code.ARRIVED: "A person confirmed that it arrived",
    Code.SENT_AGAIN: "Sent again as a new email",
    Code.READDRESSED: "Sent to a corrected address as a new email",
    Code.REQUEUED: "To be tried again, by a person",
    Code.FILED: "A copy lies in the mailbox's Sent folder",
    Code.NOT_FILED: "Sent, but no copy could be put into the mailbox's Sent folder",
}
