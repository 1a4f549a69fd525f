"""A fresh installation in a folder of its own, for one measurement."""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from outtray.config import env


@contextmanager
def installation(**variables: str) -> Iterator[Path]:
    """Django set up on an empty, migrated data folder that ends with the block."""
    with tempfile.TemporaryDirectory(prefix="outtray-bench-") as folder:
        for name, value in {
            "OUTTRAY_DATA": folder,
            "OUTTRAY_LOG_LEVEL": "error",
            **variables,
        }.items():
            env.put(name, value)
        env.set_default("DJANGO_SETTINGS_MODULE", "outtray.config.settings")
        import django

        django.setup()
        from outtray.ops.bootstrap import prepare

        prepare()
        yield Path(folder)


@contextmanager
def open_folder() -> Iterator[Path]:
    """A temporary folder that servers may enter under users of their own."""
    with tempfile.TemporaryDirectory(prefix="outtray-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


def spread(milliseconds: Sequence[float]) -> dict[str, float]:
    """Median, 90th percentile and maximum."""
    return {
        "median_ms": round(statistics.median(milliseconds), 1),
        "p90_ms": round(statistics.quantiles(milliseconds, n=10)[8], 1),
        "max_ms": round(max(milliseconds), 1),
    }
