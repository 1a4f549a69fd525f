"""A run before it is started: what it would do, some of its letters, what to look at twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from outtray.compose.letter import Letter
from outtray.lib.errors import Refused
from outtray.mailboxes.models import Health
from outtray.runs.models import Run, RunRow
from outtray.runs.preview import ALREADY_SENT, RunPreview, SenderLoad, preview, sample_letter
from outtray.runs.wishes import RunWishes
from outtray.web.session import PersonRequest
from outtray.web.times import length

_TOO_LARGE = 20 * 1024 * 1024
_MOST_IDS = 200


# What is told of many documents; the sentence of the first of them stands below.
_REASONS: Mapping[str, str] = {
    "no_recipient": "No address to send them to",
    "wrong_address": "An address that cannot be used",
    "party_excluded": "Not wanted by email",
    "document_paid": "Paid already",
    "document_cancelled": "Cancelled",
    "no_sender": "No mailbox to send them from",
    "einvoice_wrong": "An e-invoice that breaks a rule",
}


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Documents that do not go, for one reason."""

    code: str
    headline: str
    example: str
    count: int


@dataclass(frozen=True, slots=True)
class Sample:
    """One of the letters, as it would go out now, or why it cannot."""

    number: int
    row: RunRow
    letter: Letter | None
    problem: str = ""


def before_start(request: PersonRequest, run: Run, *, at: datetime) -> dict[str, object]:
    """With `again` in the address, as if what was sent before were to go again."""
    wishes = RunWishes.from_json(run.wishes)
    again = wishes.again or "again" in request.GET
    run.wishes = {**run.wishes, "again": again}  # for this look only: nothing is saved
    seen = preview(run, at=at)
    addresses = [each.mailbox.address for each in seen.senders]
    return {
        "preview": seen,
        "again": again,
        "skipped": [
            LeftOut(each.code, _REASONS.get(each.code, "Not possible"), each.sentence, each.count)
            for each in seen.skipped
            if each.code != ALREADY_SENT
        ],
        "addresses": addresses,
        "due_at": wishes.due_at if wishes.due_at and wishes.due_at > at else None,
        "size": run.letter_bytes,
        "takes": _takes(seen),
        "warnings": list(_warnings(run, seen.senders)),
        "sample": _sample(request, run, seen),
        "change": _change(run, wishes),
    }


def _takes(seen: RunPreview) -> str:
    """At the mailboxes' pace; nobody knows how fast a server is that names none."""
    return length(timedelta(minutes=seen.minutes)) if seen.minutes else "no limit"


def _warnings(run: Run, senders: Sequence[SenderLoad]) -> Iterator[str]:
    for each in senders:
        address = each.mailbox.address
        if each.mailbox.health == Health.PAUSED:
            yield f"{address} is paused: its emails wait until it is resumed."
        if each.mailbox.health == Health.UNVALIDATED:
            yield f"{address} has not been validated: its emails wait until it is."
        if each.days > 1:
            yield (f"{address} may not send so many in one day: they go out over {each.days} days.")
        if each.ahead:
            wait = "email waits" if each.ahead == 1 else "emails wait"
            go = "goes" if each.ahead == 1 else "go"
            yield f"{each.ahead:,} {wait} in {address} already and {go} first."
    if run.letter_bytes > _TOO_LARGE:
        megabytes = run.letter_bytes / 1024 / 1024
        yield (f"An email has about {megabytes:.0f} MB. Many mail servers refuse more than 20 MB.")


def _sample(request: PersonRequest, run: Run, seen: RunPreview) -> Sample | None:
    if not seen.samples:
        return None
    wanted = request.GET.get("sample", "1")
    number = int(wanted) if wanted.isdecimal() and len(wanted) < 3 else 1
    number = number if 0 < number <= len(seen.samples) else 1
    row = seen.samples[number - 1]
    try:
        return Sample(number, row, sample_letter(run, row.position))
    except Refused as refusal:
        return Sample(number, row, None, refusal.detail)


def _change(run: Run, wishes: RunWishes) -> str:
    """The dialog once more, with the same documents and wishes; "" for too many ids."""
    words = _same(run)
    if words is None:
        return ""
    asked: dict[str, object] = {
        "sender": wishes.mailbox or "usual",
        "template": wishes.template or "",
        "layout": wishes.layout or "",
        "recipient": wishes.recipient,
        "e_invoice": wishes.e_invoice,
        "instead": run.pk,
    }
    if wishes.combine:
        asked["combine"] = "on"
    if wishes.due_at:
        local = timezone.localtime(wishes.due_at)
        asked |= {"timing": "later", "at": local.strftime("%Y-%m-%dT%H:%M")}
    return f"{reverse('add_to_queue')}?{urlencode({**words, **asked})}"


def _same(run: Run) -> Mapping[str, str] | None:
    narrowed = run.selection.get("filter")
    if narrowed is not None:
        return {"all": "1", **narrowed}
    if run.documents > _MOST_IDS:
        return None
    ids = run.rows.order_by("position").values_list("document_id", flat=True)
    return {"ids": ",".join(str(each) for each in ids)}
