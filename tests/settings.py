"""The product's settings in a folder of the test run's own, with local addresses admitted.

OUTTRAY_DATABASE_URL decides between SQLite and PostgreSQL, as it does for the product.
"""

from __future__ import annotations

import os
import tempfile

_folder = os.environ.setdefault("OUTTRAY_DATA", tempfile.mkdtemp(prefix="outtray-test-"))  # noqa: TID251
os.environ.setdefault("OUTTRAY_ALLOW_LOCAL", "1")  # noqa: TID251
# No test asks strangers' servers; those of detection switch it on and name their own.
os.environ.setdefault("OUTTRAY_DETECTION", "0")  # noqa: TID251

from outtray.config.settings import *  # noqa: E402, F403
from outtray.config.settings import DATA, DATABASES, IS_CLUSTER, MIDDLEWARE  # noqa: E402

if not IS_CLUSTER:
    DATABASES["default"]["TEST"] = {"NAME": str(DATA / "test.sqlite3")}
MIDDLEWARE[MIDDLEWARE.index("whitenoise.middleware.WhiteNoiseMiddleware")] = (
    "tests.static_files.FoundOnce"
)
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
