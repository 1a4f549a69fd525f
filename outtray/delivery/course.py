"""What a failure calls for, in one word: wait, set something right, give up, let rest."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from outtray.transports.base import Failure, Scope, Stage, Trouble


class Course(StrEnum):
    """What should be done about a failure."""

    RETRY_LATER = "retry_later"
    FIX_SETTINGS = "fix_settings"
    FAIL_MESSAGE = "fail_message"
    PAUSE_ACCOUNT = "pause_account"


# By whom it concerns: while it may pass by itself, and when it will not.
_COURSES: Mapping[Scope, tuple[Course, Course]] = {
    Scope.RECIPIENT: (Course.RETRY_LATER, Course.FAIL_MESSAGE),
    Scope.MESSAGE: (Course.RETRY_LATER, Course.FAIL_MESSAGE),
    Scope.SENDER: (Course.PAUSE_ACCOUNT, Course.FIX_SETTINGS),
    Scope.MAILBOX: (Course.PAUSE_ACCOUNT, Course.FIX_SETTINGS),
    Scope.SERVER: (Course.RETRY_LATER, Course.PAUSE_ACCOUNT),
    Scope.US: (Course.RETRY_LATER, Course.FAIL_MESSAGE),
}
_NOBODY_THERE = frozenset({Trouble.CONNECTION_REFUSED, Trouble.TIMED_OUT})


def course(failure: Failure) -> Course:
    """What this failure calls for.

    Where nobody answers at the server's name and port, somebody has to look at the settings
    or the firewall, though the mailbox is tried again meanwhile: a server may come back.
    """
    if failure.stage is Stage.CONNECT and failure.trouble in _NOBODY_THERE:
        return Course.FIX_SETTINGS
    while_passing, for_good = _COURSES[failure.scope]
    return while_passing if failure.is_temporary else for_good
