"""How long recipients, sender and template of 5,000 documents take, read from the database anew.

    python -m benchmarks.resolve [--documents 5000]

Prints JSON. Half as many customers, each with contacts, half of them without a Billing Email;
every tenth has rules of its own. The company has its own order of slots, a Send From Email
and a template with a copy. The documents are imported before the clock runs.
"""

from __future__ import annotations

import argparse
import copy
import json
import statistics
import time
from datetime import date
from typing import TYPE_CHECKING, Any

from benchmarks.cast import administrator, company_emails
from benchmarks.fresh import installation

if TYPE_CHECKING:
    from outtray.people.models import Membership

ROUNDS = 3
LINES = 10


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--documents", type=int, default=5_000)
    count = arguments.parse_args().documents
    with installation():
        anna = administrator()
        _import(anna, count)
        _settle(anna)
        rounds = [_resolved(anna, count) for _ in range(ROUNDS)]
    seconds, cpu_seconds = (statistics.median(each) for each in zip(*rounds, strict=True))
    print(
        json.dumps(
            {
                "documents": count,
                "seconds": round(seconds, 2),
                "cpu_seconds": round(cpu_seconds, 2),
                "per_second": round(count / seconds, 1),
            },
            indent=2,
        )
    )


def _import(anna: Membership, count: int) -> None:
    from outtray.documents.importing import import_documents
    from outtray.documents.samples.samples import sample_documents
    from outtray.lib.clock import now

    sample = next(each for each in sample_documents(date.today()) if each["kind"] == "invoice")  # noqa: DTZ011 - any day will do
    for start in range(0, count, 1000):
        papers = [_paper(sample, number) for number in range(start, min(start + 1000, count))]
        payload = json.dumps(papers).encode()
        result = import_documents(anna.company, payload, by=anna.person, at=now())
        assert not result.refused, result.refused[0].problems


def _paper(sample: dict[str, Any], number: int) -> dict[str, Any]:
    paper = copy.deepcopy(sample)
    for field in ("taxes", "totals"):
        paper.pop(field, None)
    party = number // 2
    emails = {"main": f"info@customer{party}.example", "bill_to": f"ap@customer{party}.example"}
    if party % 2:
        emails["billing"] = f"billing@customer{party}.example"
    contact = {"name": f"Kim {party}", "email": emails["main"]}
    paper["number"] = f"RE-{number}"
    paper["party"] |= {
        "number": str(party), "name": f"Customer {party}", "emails": emails, "contacts": [contact]
    }  # fmt: skip
    paper["lines"] = (paper["lines"] * LINES)[:LINES]
    return paper


def _settle(anna: Membership) -> None:
    from outtray.compose.models import DocumentDefault, PartyDefault, RecipientRule
    from outtray.compose.templates.models import Template
    from outtray.documents.models import Party
    from outtray.lib.clock import now

    ours, other = company_emails(2, anna, port=25)
    template = Template.objects.create(
        company=anna.company,
        level="application",
        purpose="invoice",
        name="Friendly",
        cc_email="books@nordwind.example",
        created_at=now(),
    )
    DocumentDefault.objects.create(
        company=anna.company, kind="invoice", send_from=ours, template=template
    )
    slots = ["contact", "billing", "shipment_update", "bill_to", "main"]
    RecipientRule.objects.create(company=anna.company, purpose="invoice", slots=slots)
    every_tenth = list(Party.objects.order_by("pk"))[::10]
    PartyDefault.objects.bulk_create(
        PartyDefault(party=party, send_from=other, cc_email="advisor@tax.example")
        for party in every_tenth
    )


def _resolved(anna: Membership, count: int) -> tuple[float, float]:
    """Seconds, and those of the processor, the reading of documents and rules included."""
    from outtray.compose.rules.company_rules import Rules
    from outtray.compose.rules.recipients import recipients_for
    from outtray.compose.rules.sender import sender_for
    from outtray.compose.templates.choice import template_for
    from outtray.documents.models import Document

    begun, used = time.perf_counter(), time.process_time()
    rules = Rules.of(anna.company)
    documents = Document.objects.select_related("party").prefetch_related("party__contacts")
    resolved = 0
    for document in documents.iterator(500):
        template = template_for(document, membership=anna, rules=rules)
        sender = sender_for(document, anna, rules=rules, template=template)
        recipients = recipients_for(document, rules=rules, template=template)
        assert sender.reason
        assert [each.kind for each in recipients][:2] == ["to", "cc"]
        resolved += 1
    assert resolved == count
    return time.perf_counter() - begun, time.process_time() - used


if __name__ == "__main__":
    main()
