"""For worker processes that tests start: the test run's folder and its test database."""

from __future__ import annotations

from tests.settings import *  # noqa: F403
from tests.settings import DATA, DATABASES

DATABASES["default"]["NAME"] = DATA / "test.sqlite3"
