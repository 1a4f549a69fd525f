"""A process of the campaign: plays every schedule it is given on one database and way out.

Reads seeds from its standard input, and answers each with a line of JSON. When that input
ends, for whatever reason, it removes its folder.
"""

from __future__ import annotations

import dataclasses
import gc
import json
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django


def main(database: str, way: str, folder: Path) -> None:
    django.setup()

    from tests.campaign.play import Stage
    from tests.campaign.schedule import draw

    with _stage(database, way, folder) as stage:
        assert isinstance(stage, Stage)
        for line in sys.stdin:
            schedule = draw(int(line), database=database)
            began = time.monotonic()
            found = stage.play(schedule)
            answer = {
                "seed": schedule.seed,
                "database": database,
                "transport": way,
                "seconds": time.monotonic() - began,
                "schedule": str(schedule),
                **dataclasses.asdict(found),
            }
            print(json.dumps(answer), flush=True)


@contextmanager
def _stage(database: str, way: str, folder: Path) -> Iterator[object]:
    from django.conf import settings

    from tests.campaign.databases import Cluster, SQLite
    from tests.campaign.disk import small_disk
    from tests.campaign.founding import found_nordwind
    from tests.campaign.play import Stage
    from tests.campaign.ways import be_hasty, stand_ins
    from tests.campaign.worker import keep_surprises
    from tests.servers.ledger_process import LedgerProcess

    be_hasty(way)
    keep_surprises(folder / "surprises")
    with small_disk(folder / "disk") as disk:
        ledger = LedgerProcess(folder / "ledger", way)
        settings.STAND_INS = stand_ins(ledger)
        settings.CA_FILE = ledger.ca_file
        store = SQLite(disk, folder) if database == "sqlite" else Cluster(disk, folder)
        try:
            store.found(lambda: found_nordwind(ledger))
            gc.freeze()  # what children share with us, their collector need not touch
            yield Stage(store, ledger, folder)
        finally:
            ledger.stop()
            if isinstance(store, Cluster):
                store.stop()


if __name__ == "__main__":
    place = Path(sys.argv[3])
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    try:
        main(sys.argv[1], sys.argv[2], place)
    finally:
        shutil.rmtree(place, ignore_errors=True)
