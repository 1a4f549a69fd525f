"""A large run of which one worker after the other is killed; for an opt-in look, not for CI.

    python -m tests.runs.kill [--documents 5000] [--seed 1] [--kills 20]

On SQLite in a folder of its own, or in the PostgreSQL that OUTTRAY_DATABASE_URL names, with
two workers at a time. Prints what happened as JSON; the exit status tells whether all was right.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from typing import TYPE_CHECKING

from outtray.config import env

if TYPE_CHECKING:
    from outtray.runs.models import Run

SETTINGS = "outtray.config.settings"


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--documents", type=int, default=5000)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--kills", type=int, default=20)
    chosen = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="outtray-kill-") as folder:
        env.put("OUTTRAY_DATA", folder)
        env.put("OUTTRAY_LOG_LEVEL", "error")
        env.set_default("DJANGO_SETTINGS_MODULE", SETTINGS)
        import django

        django.setup()
        told = _told(chosen.documents, chosen.seed, chosen.kills)
    print(json.dumps(told, indent=2))
    sys.exit(bool(told["faults"]))


def _told(documents: int, seed: int, kills: int) -> dict[str, object]:
    from django.conf import settings

    from outtray.ops.bootstrap import prepare
    from tests.runs.killing import Lives, faults_of, kill_at_random

    prepare()
    run = _started(documents)
    lives = Lives(run, SETTINGS)
    beside = 1 if settings.IS_CLUSTER else 0
    kill_at_random(lives, random.Random(seed), times=kills, beside=beside)
    faults = faults_of(run)
    return {
        "documents": documents,
        "seed": seed,
        "workers": lives.lived,
        "accepted": run.accepted,
        "faults": faults[:20],
    }


def _started(documents: int) -> Run:
    """A month's invoices, looked through and started."""
    from benchmarks.cast import administrator, company_emails
    from outtray.documents.importing import import_documents
    from outtray.lib.clock import now
    from outtray.outbox.document_filter import DocumentFilter
    from outtray.runs.examine import examine
    from outtray.runs.plan import Selection, plan_run
    from outtray.runs.start import start_run
    from outtray.runs.wishes import RunWishes
    from tests.runs.conftest import paper

    anna = administrator()
    (mailbox,) = company_emails(1, anna, port=2525)
    for first in range(0, documents, 1000):
        papers = [paper(each) for each in range(first, min(first + 1000, documents))]
        payload = json.dumps(papers).encode()
        result = import_documents(anna.company, payload, by=anna.person, at=now())
        assert not result.refused, result.refused[0].problems
    chosen = Selection(filter=DocumentFilter(kind="invoice"))
    run = plan_run(anna, chosen, RunWishes(mailbox=mailbox.pk), at=now())
    while examine(run, at=now()):
        pass
    start_run(run, by=anna.person, at=now(), confirmed=documents)
    return run


if __name__ == "__main__":
    main()
