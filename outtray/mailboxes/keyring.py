"""The key ring of this installation, read from its file outside the database."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from outtray.lib.sealing import KeyRing, load_ring

_read: dict[tuple[Path, int], KeyRing] = {}


def ring() -> KeyRing:
    """The keys that seal and open credentials. Read again only when the file has changed."""
    path: Path = settings.KEY_RING_FILE
    version = (path, path.stat().st_mtime_ns)
    if version not in _read:
        _read.clear()
        _read[version] = load_ring(path)
    return _read[version]
