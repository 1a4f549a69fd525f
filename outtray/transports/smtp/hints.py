"""A second look after a failed step of Validate: cheap, and always without the password."""

from __future__ import annotations

from collections.abc import Mapping

from outtray.transports.base import Failure


def hints_for(failure: Failure) -> tuple[Failure, Mapping[str, str]]:
    """The failure, told more exactly where a second look can, and the facts that it showed."""
    return failure, {}
