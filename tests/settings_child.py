"""For worker processes that tests start: the test run's folder and its test database."""

from __future__ import annotations

from tests.settings import *  # noqa: F403
from tests.settings import DATA, DATABASES, IS_CLUSTER

DATABASES["default"]["NAME"] = (
    f"test_{DATABASES['default']['NAME']}" if IS_CLUSTER else DATA / "test.sqlite3"
)
