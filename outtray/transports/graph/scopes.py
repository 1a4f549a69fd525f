"""What Microsoft lets a token do.

learn.microsoft.com/graph/permissions-reference. A token of an application names its roles only
where they were granted in Entra; those that Exchange grants itself (RBAC for Applications) are
in no token. So no scopes at all means "not known", never "nothing".
"""

from __future__ import annotations

from enum import Enum

from outtray.transports.base import Token

SEND = frozenset({"mail.send", "mail.send.shared"})
WRITE = frozenset({"mail.readwrite", "mail.readwrite.shared"})
READ = WRITE | {"mail.read", "mail.read.shared"}


class May(Enum):
    """Whether a token permits something."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


def may(token: Token, wanted: frozenset[str]) -> May:
    """Whether one of the wanted scopes was granted."""
    # A scope comes with or without the address of Graph: "https://graph.microsoft.com/Mail.Send".
    granted = {scope.rpartition("/")[2].lower() for scope in token.scopes}
    if not granted - {"", ".default"}:
        return May.UNKNOWN
    return May.YES if granted & wanted else May.NO
