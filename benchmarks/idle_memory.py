"""How much memory `outtray serve` holds when nothing happens, after a page was asked for once.

Proportional set size of all its processes, from the kernel (Linux only).
"""

from __future__ import annotations

import json
import tempfile
import threading
from pathlib import Path

from benchmarks import usage
from tests.ops.running import serving

SETTLE_SECONDS = 5


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as server:
        server.status_of("/sign-in/")
        threading.Event().wait(SETTLE_SECONDS)
        print(json.dumps({"pss_mb": round(usage.memory_mb([server.process.pid]), 1)}))


if __name__ == "__main__":
    main()
