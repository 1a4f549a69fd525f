"""Whether a long past slows the present: 10,000 emails in the history, and 1,000,000.

Claim, settle (with the note before the content), the sweep for what is due, and the Email
Queue page, each the median of many. Every history has a process and a data folder of its
own; they are measured in turn.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from benchmarks import rows
from benchmarks.cast import administrator, company_emails, letter
from benchmarks.feeder import Feeder, feed, feeding
from benchmarks.fresh import installation, open_folder

if TYPE_CHECKING:
    from outtray.mailboxes.models import Mailbox

SHORT, LONG = 10_000, 1_000_000
ROUNDS = 12
WARM_UP = 2
BATCH = 20  # emails a claim

Times = dict[str, list[float]]
Answer = TypeVar("Answer")


def main() -> None:
    if len(sys.argv) > 1:
        with installation():
            present = _Present(int(sys.argv[1]))
            feed(lambda _: json.dumps(present.times_of_one_round()))
        return
    with ExitStack() as stack:
        log = stack.enter_context(open_folder()) / "log"
        command = [sys.executable, "-m", "benchmarks.history"]
        short = stack.enter_context(feeding([*command, str(SHORT)], log=log))
        long = stack.enter_context(feeding([*command, str(LONG)], log=log))
        rounds = [(_round(short), _round(long)) for _ in range(ROUNDS)][WARM_UP:]
    few = _medians([each for each, _ in rounds])
    many = _medians([each for _, each in rounds])
    ratios = {name: round(many[name] / few[name], 2) for name in few}
    print(json.dumps({f"{SHORT}": few, f"{LONG}": many, "ratio": ratios}, indent=2))


def _round(feeder: Feeder) -> Times:
    feeder.begin(1)
    times: Times = json.loads(feeder.answer())
    return times


def _medians(rounds: list[Times]) -> Mapping[str, float]:
    return {
        name: round(statistics.median(ms for times in rounds for ms in times[name]), 2)
        for name in rounds[0]
    }


class _Present:
    """An installation with that much past."""

    def __init__(self, past: int) -> None:
        from django.test import Client

        anna = administrator()
        self._mailbox: Mailbox = company_emails(1, anna, port=25)[0]
        rows.history(past, like=rows.sent(self._mailbox))
        self._client = Client(headers={"host": "localhost"})
        self._client.force_login(anna.person)

    def times_of_one_round(self) -> Times:
        """In milliseconds; an email is accepted, claimed and settled as every day."""
        from outtray.delivery.work import DeliveryWork
        from outtray.lib.clock import SYSTEM, now
        from outtray.outbox.accept import Terms, accept_all, prepare
        from outtray.outbox.claim import claim_due

        times: Times = defaultdict(list)
        for _ in range(3):
            prepared = [
                prepare(letter(self._mailbox), mailbox=self._mailbox, at=now())
                for _ in range(BATCH)
            ]
            accept_all(prepared, Terms(at=now()))
            _timed(lambda: list(DeliveryWork(SYSTEM).due(now())), times["sweep_ms"])
            claims = _timed(
                lambda: claim_due(self._mailbox.pk, BATCH, worker="bench", at=now()),
                times["claim_ms"],
            )
            assert len(claims) == BATCH
            for claim in claims:
                _timed(partial(rows.attempt, claim), times["settle_ms"])
            page = _timed(lambda: self._client.get("/queue/"), times["page_ms"])
            assert page.status_code == 200
        return times


def _timed(do: Callable[[], Answer], milliseconds: list[float]) -> Answer:
    begun = time.perf_counter()
    answer = do()
    milliseconds.append((time.perf_counter() - begun) * 1000)
    return answer


if __name__ == "__main__":
    main()
