"""How much memory `outtray serve` holds when nothing happens, after a page was asked for once.

Proportional set size of all its processes, from the kernel (Linux only).
"""

from __future__ import annotations

import json
import re
import tempfile
import threading
from pathlib import Path

from tests.ops.running import serving

SETTLE_SECONDS = 5


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as server:
        server.status_of("/sign-in/")
        threading.Event().wait(SETTLE_SECONDS)
        processes = [server.process.pid, *_children(server.process.pid)]
        kilobytes = [_pss(pid) for pid in processes]
        print(json.dumps({"pss_mb": round(sum(kilobytes) / 1024, 1), "processes": len(processes)}))


def _children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in listed]


def _pss(pid: int) -> int:
    found = re.search(r"^Pss:\s+(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.M)
    assert found
    return int(found[1])


if __name__ == "__main__":
    main()
