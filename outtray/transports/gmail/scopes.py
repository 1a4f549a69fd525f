"""What Google lets a token do, by the scopes that a person or an administrator granted.

developers.google.com/workspace/gmail/api/auth/scopes; which method takes which scope stands on
each method's own page.
"""

from __future__ import annotations

_PREFIX = "https://www.googleapis.com/auth/gmail."

SEND = f"{_PREFIX}send"
METADATA = f"{_PREFIX}metadata"
READONLY = f"{_PREFIX}readonly"
ALL = "https://mail.google.com/"

SENDING = frozenset({SEND, f"{_PREFIX}compose", f"{_PREFIX}modify", ALL})
# To search needs more than METADATA, which does not admit the parameter `q`.
SEARCHING = frozenset({READONLY, f"{_PREFIX}modify", ALL})
PROFILE = SEARCHING | {METADATA, f"{_PREFIX}compose"}
ALIASES = SEARCHING | {f"{_PREFIX}settings.basic"}


def may(granted: frozenset[str], wanted: frozenset[str]) -> bool:
    """Whether one of the granted scopes is enough."""
    return bool(granted & wanted)
