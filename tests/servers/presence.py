"""Whether a program that tests need is on this machine."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from outtray.config import env

# Servers live where ordinary users do not look.
_FOLDERS = os.pathsep.join(["/usr/sbin", "/usr/local/sbin", "/sbin", *os.get_exec_path()])


def require(program: str, package: str) -> Path:
    """The path of a program. Without it the test is skipped; with CI=true it fails."""
    found = shutil.which(program, path=_FOLDERS)
    if found is None:
        lacking(f"{program} is not installed (Debian's package {package})")
    assert found is not None
    return Path(found)


def lacking(what: str) -> None:
    """Skip the test because this machine lacks something; with CI=true fail."""
    if env.flag("CI", default=False):
        pytest.fail(what, pytrace=False)
    pytest.skip(what)
