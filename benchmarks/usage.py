"""CPU time and memory of some processes and all their children, from the kernel (Linux only)."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(roots: Sequence[int]) -> float:
    """CPU time used so far; of children that have ended too, once their parent has noticed."""
    stats = _stats()
    # proc(5): utime, stime, cutime and cstime are the fields 14 to 17, of which two are cut off.
    return sum(sum(map(int, stats[pid][11:15])) for pid in _family(roots, stats)) / _TICKS


def memory_mb(roots: Sequence[int]) -> float:
    """Proportional set size: what several processes share is counted once."""
    return sum(_pss(pid) for pid in _family(roots, _stats())) / 1024


def _stats() -> dict[int, list[str]]:
    """What the kernel says of each process, from its state on."""
    return {
        int(folder.name): stat.rpartition(")")[2].split()
        for folder in Path("/proc").glob("[0-9]*")
        if (stat := _read(folder / "stat"))
    }


def _family(roots: Sequence[int], stats: dict[int, list[str]]) -> Iterator[int]:
    """These processes, their children, and theirs."""
    for pid in roots:
        if pid in stats:
            yield pid
        children = [child for child, stat in stats.items() if stat[1] == str(pid)]
        yield from _family(children, stats)


def _pss(pid: int) -> int:
    found = re.search(r"^Pss:\s+(\d+) kB", _read(Path(f"/proc/{pid}/smaps_rollup")), re.M)
    return int(found[1]) if found else 0


def _read(file: Path) -> str:
    """The file, or nothing if its process has ended."""
    try:
        return file.read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""
