"""A thousand mailboxes with 30 messages a minute each, and one process that delivers.

    python -m benchmarks.mailboxes [--mailboxes 1000] [--per-minute 30] [--minutes 3]

Each mailbox has more queued than it may send. Its pace is told by its first and last email
within the minutes that count; they begin when every mailbox has begun. Short letters, so
that the paces are what is measured.
"""

from __future__ import annotations

import argparse
import json
import statistics
from collections import defaultdict
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import rows, usage
from benchmarks.cast import administrator, company_emails, letter
from benchmarks.fresh import installation, open_folder
from benchmarks.installations import Installation
from benchmarks.sink import sink
from tests.servers import processes

if TYPE_CHECKING:
    from outtray.mailboxes.models import Mailbox

BEGIN = 30  # seconds until the minutes count
LOOK = 2.0  # seconds between two looks at the memory


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--mailboxes", type=int, default=1000)
    arguments.add_argument("--per-minute", type=int, default=30)
    arguments.add_argument("--minutes", type=float, default=3)
    chosen = arguments.parse_args()
    with ExitStack() as stack:
        data = stack.enter_context(installation(OUTTRAY_ALLOW_LOCAL="1"))
        taker = stack.enter_context(sink(stack.enter_context(open_folder())))
        mailboxes = company_emails(chosen.mailboxes, administrator(), port=taker.port)
        _queue(mailboxes, chosen.per_minute, chosen.minutes)
        from outtray.lib.clock import now

        begin = now() + timedelta(seconds=BEGIN)
        end = begin + timedelta(minutes=chosen.minutes)
        peak_mb, cpu = _delivered(data, until=end)
    result = {
        "mailboxes": chosen.mailboxes,
        "peak_mb": round(peak_mb, 1),
        "cpu_percent": round(cpu * 100 / (chosen.minutes * 60 + BEGIN), 1),
        **_paces(begin, end, chosen.per_minute),
    }
    print(json.dumps(result, indent=2))


def _queue(mailboxes: Sequence[Mailbox], per_minute: int, minutes: float) -> None:
    """More for each than it may send in that time, all due."""
    from django.db import transaction

    from outtray.lib.clock import now
    from outtray.outbox.accept import Terms, accept
    from outtray.outbox.states import Lane

    each = int(per_minute * (minutes + 1))
    for number, mailbox in enumerate(mailboxes, start=1):
        mailbox.messages_per_minute = per_minute
        mailbox.save(update_fields=["messages_per_minute"])
        with transaction.atomic():
            terms = Terms(at=now(), lane=Lane.BULK)
            email = accept(letter(mailbox), mailbox=mailbox, terms=terms)
            first = int(email.accepted_at.timestamp() * 1000)
            rows.copy(email, each, salt=number, first=first)


def _delivered(data: Path, *, until: datetime) -> tuple[float, float]:
    """Megabytes at the most, and seconds of CPU time, of the process that delivers."""
    from outtray.lib.clock import now

    served = Installation(data, {"OUTTRAY_DATA": str(data), "OUTTRAY_ALLOW_LOCAL": "1"})
    peak = 0.0
    with served.serving() as (server, _):
        while now() < until:
            processes.pause(LOOK)
            peak = max(peak, usage.memory_mb([server]))
        return peak, usage.cpu_seconds([server])


def _paces(begin: datetime, end: datetime, per_minute: int) -> dict[str, float]:
    """How far the mailboxes are from their pace, in percent, and what that makes together."""
    from outtray.mailboxes.models import Mailbox
    from outtray.outbox.models import Email

    times: dict[object, list[datetime]] = defaultdict(list)
    sent = Email.objects.filter(state="sent", settled_at__gte=begin, settled_at__lt=end)
    for mailbox_id, at in sent.values_list("mailbox_id", "settled_at"):
        assert at
        times[mailbox_id].append(at)
    wrong = sorted(
        abs(_per_minute(times[pk]) / per_minute - 1) * 100
        for pk in Mailbox.objects.values_list("pk", flat=True)
    )
    return {
        "sent_per_second": round(sent.count() / (end - begin).total_seconds(), 1),
        "median_percent_off": round(statistics.median(wrong), 2),
        "p99_percent_off": round(wrong[int(len(wrong) * 0.99)], 2),
        "most_percent_off": round(wrong[-1], 2),
    }


def _per_minute(times: Sequence[datetime]) -> float:
    if len(times) < 2:
        return 0
    return (len(times) - 1) * 60 / (max(times) - min(times)).total_seconds()


if __name__ == "__main__":
    main()
