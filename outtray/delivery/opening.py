"""Open a mailbox's way out. What keeps it closed is a value, a lost key too."""

from __future__ import annotations

from outtray.lib.sealing import CannotOpen
from outtray.mailboxes.models import Mailbox
from outtray.mailboxes.routes import route_for
from outtray.transports.base import Failure, Refusal, Scope, Session, Source, Stage, Trouble
from outtray.transports.registry import TRANSPORTS

_SEALED = Failure(
    stage=Stage.SETTINGS,
    scope=Scope.MAILBOX,
    is_temporary=False,
    source=Source.LOCAL,
    text="The stored password cannot be opened: the key that it was sealed with is missing.",
    trouble=Trouble.SECRET_UNREADABLE,
)


def open_session(mailbox: Mailbox) -> Session | Refusal:
    """Connect, secure and log in, with the mailbox's credential."""
    try:
        route = route_for(mailbox)
    except CannotOpen:
        return Refusal(_SEALED)
    return TRANSPORTS[route.transport].open(route)
