"""The feeder of Outtray: accepts letters in batches, as API and pages do, beside delivery."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from benchmarks.cast import administrator, company_emails, letter
from benchmarks.feeder import feed
from benchmarks.letters import pdfs
from outtray.cli.main import set_up

if TYPE_CHECKING:
    from outtray.mailboxes.models import Mailbox

MAILBOXES = 8
BATCH = 100


def main() -> None:
    set_up()
    mailboxes = itertools.cycle(_mailboxes(port=int(sys.argv[1])))
    files = pdfs()
    feed(lambda count: _queue(count, mailboxes, files))


def _mailboxes(port: int) -> list[Mailbox]:
    """Those of this installation; made at the first start."""
    from outtray.mailboxes.models import Mailbox

    known = list(Mailbox.objects.order_by("pk"))
    return known or company_emails(MAILBOXES, administrator(), port=port)


def _queue(count: int, mailboxes: Iterator[Mailbox], files: Iterator[bytes]) -> None:
    from outtray.lib.clock import now
    from outtray.outbox.accept import Terms, accept_all, prepare_all
    from outtray.outbox.states import Lane

    for start in range(0, count, BATCH):
        mailbox, at = next(mailboxes), now()
        letters = [letter(mailbox, next(files)) for _ in range(min(BATCH, count - start))]
        prepared = prepare_all([(each, mailbox) for each in letters], at=at)
        accept_all(prepared, Terms(at=at, lane=Lane.BULK))


if __name__ == "__main__":
    main()
