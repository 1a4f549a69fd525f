"""How many emails a second one client queues by the API, a hundred letters a request.

Over HTTP to a real `outtray serve`, one request after another on one connection, with a
60 KB PDF each and with text alone. Their mailbox is not validated, so nothing leaves
meanwhile. The requests are made before the clock runs.
"""

from __future__ import annotations

import base64
import http.client
import json
import statistics
import sys
import time
from collections.abc import Sequence
from contextlib import closing

from benchmarks.cast import administrator, company_emails
from benchmarks.fresh import installation
from benchmarks.installations import Installation
from benchmarks.letters import TEXT, pdfs

PATH = "/api/v1/letters"
BATCH = 100
REQUESTS = 10
WARM_UP = 1
ROUNDS = 3


def main() -> None:
    with installation() as data:
        mailbox, key = _prepared()
        served = Installation(data, {"OUTTRAY_DATA": str(data)})
        with served.serving() as (_, port):
            rounds = [
                {
                    "text_per_second": _per_second(port, key, _bodies(mailbox, with_pdf=False)),
                    "pdf_per_second": _per_second(port, key, _bodies(mailbox, with_pdf=True)),
                }
                for _ in range(ROUNDS)
            ]
    result = {
        name: round(statistics.median(each[name] for each in rounds), 1) for name in rounds[0]
    }
    print(json.dumps(result, indent=2))


def _prepared() -> tuple[str, str]:
    """A mailbox that is not validated, and an API key."""
    from outtray.lib.clock import now
    from outtray.mailboxes.models import Health, Mailbox
    from outtray.people.keys import create_key

    anna = administrator()
    (mailbox,) = company_emails(1, anna, port=25)
    Mailbox.objects.update(health=Health.UNVALIDATED)
    _, secret = create_key(anna, "the bench", at=now())
    return str(mailbox.pk), secret.value


def _bodies(mailbox: str, *, with_pdf: bool) -> list[bytes]:
    files = pdfs()
    requests = [
        {
            "mailbox": mailbox,
            "letters": [_letter([next(files)] if with_pdf else []) for _ in range(BATCH)],
        }
        for _ in range(WARM_UP + REQUESTS)
    ]
    return [json.dumps(request).encode() for request in requests]


def _letter(files: Sequence[bytes]) -> dict[str, object]:
    return {
        "to": ["einkauf@kunde.example"],
        "subject": "Invoice RE-1 from Nordwind",
        "text": TEXT,
        "attachments": [
            {
                "filename": "RE-1.pdf",
                "content_type": "application/pdf",
                "content": base64.b64encode(file).decode(),
            }
            for file in files
        ],
    }


def _per_second(port: int, key: str, bodies: Sequence[bytes]) -> float:
    with closing(http.client.HTTPConnection("localhost", port, timeout=120)) as asked:
        for body in bodies[:WARM_UP]:
            _post(asked, key, body)
        begun = time.perf_counter()
        for body in bodies[WARM_UP:]:
            _post(asked, key, body)
        return REQUESTS * BATCH / (time.perf_counter() - begun)


def _post(asked: http.client.HTTPConnection, key: str, body: bytes) -> None:
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    asked.request("POST", PATH, body, headers)
    answer = asked.getresponse()
    said = answer.read(2000)
    answer.read()
    if answer.status >= 300:
        sys.exit(f"POST {PATH} answered {answer.status}: {said.decode(errors='replace')}")


if __name__ == "__main__":
    main()
