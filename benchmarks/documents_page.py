"""How long the server takes for the list of documents, with 100,000 of them in it.

Nearly all were sent; 40 are new, 25 of the emails failed. So "not sent" and "failed" are the
needles in the hay, and an amount that nothing reaches finds nothing at all.
"""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING

from benchmarks import rows
from benchmarks.cast import administrator, company_emails
from benchmarks.fresh import installation
from benchmarks.pages import measured

if TYPE_CHECKING:
    from outtray.documents.models import Document
    from outtray.people.models import Membership

PARTIES = 2_000
NEW = 40
FIRST = 1_700_000_000_000
DOCUMENT = rows.id_of(1, FIRST)
TIMES = 20
PAGES = {
    "all": "/documents/",
    "centre": "/documents/invoice/",
    "not_sent": "/documents/?email=none",
    "failed": "/documents/?email=failed",
    "sent": "/documents/?email=sent",
    "search": "/documents/?q=Brightwater",
    "number": "/documents/?q=RE-99999",
    "paid": "/documents/?status=paid",
    "month": "/documents/?since=2025-03-01&until=2025-03-31",
    "amount": "/documents/?least=100000",
    "by_number": "/documents/?sort=number",
    "by_party": "/documents/?sort=party",
    "by_due": "/documents/?sort=-due",
    "by_amount": "/documents/?sort=-amount",
}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--documents", type=int, default=100_000)
    count = parser.parse_args().documents
    with installation():
        result = measured(PAGES, _filled(count), times=TIMES)
    slowest = max(result[f"{name}_ms"] for name in PAGES)
    print(json.dumps({"documents": count, **result, "slowest_ms": slowest}, indent=2))


def _filled(count: int) -> Membership:
    """A company with the invoices of some years, its customers, and an email for each invoice."""
    from outtray.documents.models import Document, Party
    from outtray.outbox.models import Enclosure

    anna = administrator()
    (mailbox,) = company_emails(1, anna, port=25)
    invoice, email = _invoice(anna), rows.sent(mailbox)
    Enclosure.objects.create(
        email=email, document=invoice, filename="RE.pdf", content="0" * 64, size=20_000
    )
    names = {
        "id": rows.id_of(2, FIRST),
        "number": "'K-' || n",
        "name": "'Customer ' || (n * 7 % 1999)",
    }
    rows.copy_row(Party, "id", invoice.party, PARTIES, names)
    rows.copy_row(Document, "id", invoice, count, _invoices(count))
    sent = {"state": "iif(n % 4000, row.state, 'failed')"}
    rows.copy(email, count - NEW, salt=0, first=FIRST, values=sent)
    carried = {"email_id": rows.id_of(0, FIRST), "document_id": DOCUMENT}
    rows.copy_row(Enclosure, "email_id", email, count - NEW, carried)
    return anna


def _invoices(count: int) -> dict[str, str]:
    return {
        "id": DOCUMENT,
        "number": "'RE-' || n",
        "party_id": rows.id_of(2, FIRST, f"(n % {PARTIES} + 1)"),
        "date": f"date('2026-11-20', ((n - {count}) / 100) || ' days')",
        "due_date": f"date('2026-12-04', ((n - {count}) / 100) || ' days')",
        "total": "(n * 7919 % 90000) + 0.5",
        "status": f"iif(n < {count} - 3000, 'paid', 'open')",
    }


def _invoice(anna: Membership) -> Document:
    from datetime import date

    from outtray.documents.importing import import_documents
    from outtray.documents.samples.samples import sample_documents
    from outtray.lib.clock import now

    papers = [each for each in sample_documents(date(2026, 11, 20)) if each["kind"] == "invoice"]
    payload = json.dumps(papers, default=str).encode()
    return import_documents(anna.company, payload, by=anna.person, at=now()).documents[0]


if __name__ == "__main__":
    main()
