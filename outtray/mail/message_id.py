"""Message-IDs: how a message is known for ever, to us and in every answer to it."""

from __future__ import annotations

import base64
import secrets

_MAX_DOMAIN = 100


def new_message_id(domain: str) -> str:
    """A fresh `<...@domain>`, short enough to stand unfolded in an answer's In-Reply-To.

    Of an overlong domain the last labels stay: they are still the sender's own.
    """
    while len(domain) > _MAX_DOMAIN:
        domain = domain.partition(".")[2]
    unique = base64.b32encode(secrets.token_bytes(15)).decode().lower()
    return f"<{unique}@{domain}>"
