"""How long the server takes for the Email Queue page, with 100,000 emails in it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from benchmarks import rows
from benchmarks.cast import administrator, company_emails
from benchmarks.fresh import installation
from benchmarks.pages import measured

if TYPE_CHECKING:
    from outtray.people.models import Membership

COUNT = 100_000
TIMES = 40
PAGES = {
    "queue": "/queue/",
    "sent": "/queue/?state=sent",
    "failed": "/queue/?state=failed",
    "search": "/queue/?q=Brightwater",
    "home": "/",
}


def main() -> None:
    with installation():
        result = measured(PAGES, _filled(COUNT), times=TIMES)
    print(json.dumps({"emails": COUNT, **result}, indent=2))


def _filled(count: int) -> Membership:
    """A company whose queue has nearly only sent emails, as queues have."""
    anna = administrator()
    (mailbox,) = company_emails(1, anna, port=25)
    rows.history(count, like=rows.sent(mailbox))
    return anna


if __name__ == "__main__":
    main()
