"""How long the server takes for the Email Queue page, with 100,000 emails in it."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

from benchmarks import rows
from benchmarks.cast import administrator, company_emails
from benchmarks.fresh import installation, spread

if TYPE_CHECKING:
    from django.test import Client

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
        client = _signed_in(_filled(COUNT))
        result: dict[str, object] = {"emails": COUNT}
        for name, path in PAGES.items():
            measured = spread([_took(client, path) for _ in range(TIMES + 3)][3:])
            result |= {f"{name}_ms": measured["median_ms"], f"{name}_p90_ms": measured["p90_ms"]}
        print(json.dumps(result, indent=2))


def _took(client: Client, path: str) -> float:
    begun = time.perf_counter()
    response = client.get(path)
    assert response.status_code == 200, (path, response.status_code)
    return (time.perf_counter() - begun) * 1000


def _signed_in(administrator: Membership) -> Client:
    from django.test import Client

    client = Client(headers={"host": "localhost"})
    client.force_login(administrator.person)
    return client


def _filled(count: int) -> Membership:
    """A company whose queue has nearly only sent emails, as queues have."""
    anna = administrator()
    (mailbox,) = company_emails(1, anna, port=25)
    rows.history(count, like=rows.sent(mailbox))
    return anna


if __name__ == "__main__":
    main()
