"""Secrets at rest: AES-256-GCM envelope encryption with a key ring kept outside the database.

Each secret has a key of its own, which is itself sealed with a key of the ring. The sealed
text names the ring's key, and both layers are bound to a context (company and mailbox), so
that a row copied to another mailbox cannot be opened there.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_MAGIC = b"OT1"
_NONCE_BYTES = 12
_KEY_BYTES = 32
_SEALED_KEY_BYTES = _NONCE_BYTES + _KEY_BYTES + 16


class CannotOpen(Exception):  # noqa: N818
    """The secret was sealed with a key that this installation lacks, or for another owner."""


@dataclass(frozen=True, slots=True)
class Secret:
    """A text that never shows itself: not in a repr, a log line or a traceback."""

    value: str = field(repr=False)

    def __str__(self) -> str:
        return "[secret]"


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The keys that seal, by id. New secrets use `current`; the others still open old ones."""

    current: str
    keys: Mapping[str, bytes] = field(repr=False)

    def seal(self, secret: Secret, *, context: str) -> bytes:
        """Seal for one context. Sealing the same text twice gives different bytes."""
        own_key = secrets.token_bytes(_KEY_BYTES)
        header = _header(self.current)
        bound = header + context.encode()
        return (
            header
            + _encrypt(self.keys[self.current], own_key, bound)
            + _encrypt(own_key, secret.value.encode(), bound)
        )

    def open(self, sealed: bytes, *, context: str) -> Secret:
        """The secret again. Raises CannotOpen for a foreign key, context or changed bytes."""
        key_id, body = _split(sealed)
        if key_id not in self.keys:
            raise CannotOpen(f"the key {key_id!r} is not in the key ring")
        bound = _header(key_id) + context.encode()
        try:
            own_key = _decrypt(self.keys[key_id], body[:_SEALED_KEY_BYTES], bound)
            return Secret(_decrypt(own_key, body[_SEALED_KEY_BYTES:], bound).decode())
        except InvalidTag as changed:
            raise CannotOpen("the sealed text was changed or belongs elsewhere") from changed

    def key_id(self, sealed: bytes) -> str:
        """The id of the key that sealed this, to find what a rotation has still to do."""
        return _split(sealed)[0]


def new_ring() -> KeyRing:
    """A ring with one fresh key."""
    key_id = secrets.token_hex(4)
    return KeyRing(current=key_id, keys={key_id: secrets.token_bytes(_KEY_BYTES)})


def rotated(ring: KeyRing) -> KeyRing:
    """The ring with one more key, which seals from now on."""
    fresh = new_ring()
    return KeyRing(current=fresh.current, keys={**ring.keys, **fresh.keys})


def load_ring(path: Path) -> KeyRing:
    """Read a ring from its file."""
    stored = json.loads(path.read_text())
    keys = {key_id: base64.b64decode(key) for key_id, key in stored["keys"].items()}
    return KeyRing(current=stored["current"], keys=keys)


def save_ring(ring: KeyRing, path: Path) -> None:
    """Write a ring where only its owner may read it. Replaces the file in one step."""
    text = json.dumps(
        {
            "current": ring.current,
            "keys": {key_id: base64.b64encode(key).decode() for key_id, key in ring.keys.items()},
        },
        indent=2,
    )
    beside = path.with_suffix(".new")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def _header(key_id: str) -> bytes:
    name = key_id.encode()
    return _MAGIC + bytes([len(name)]) + name


def _split(sealed: bytes) -> tuple[str, bytes]:
    if not sealed.startswith(_MAGIC):
        raise CannotOpen("this is not a sealed secret")
    start = len(_MAGIC) + 1
    end = start + sealed[len(_MAGIC)]
    return sealed[start:end].decode(), sealed[end:]


def _encrypt(key: bytes, text: bytes, bound: bytes) -> bytes:
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, text, bound)


def _decrypt(key: bytes, text: bytes, bound: bytes) -> bytes:
    return AESGCM(key).decrypt(text[:_NONCE_BYTES], text[_NONCE_BYTES:], bound)
