"""Secrets at rest: bound to their owner, opened by their key, never shown."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outtray.lib.sealing import CannotOpen, KeyRing, Secret, load_ring, new_ring, rotated, save_ring

RING = new_ring()


@given(text=st.text(), context=st.text())
def test_what_is_sealed_opens_again_in_its_own_context(text: str, context: str) -> None:
    sealed = RING.seal(Secret(text), context=context)

    assert RING.open(sealed, context=context).value == text


def test_a_credential_copied_to_another_mailbox_does_not_open() -> None:
    sealed = RING.seal(Secret("pass"), context="nordwind/1")

    with pytest.raises(CannotOpen):
        RING.open(sealed, context="nordwind/2")


@given(st.data())
def test_one_changed_bit_is_noticed(data: st.DataObject) -> None:
    sealed = bytearray(RING.seal(Secret("pass"), context="c"))
    place = data.draw(st.integers(0, len(sealed) * 8 - 1))
    sealed[place // 8] ^= 1 << place % 8

    with pytest.raises((CannotOpen, UnicodeDecodeError)):
        RING.open(bytes(sealed), context="c")


def test_after_a_rotation_old_secrets_open_and_new_ones_use_the_new_key() -> None:
    old = RING.seal(Secret("pass"), context="c")

    ring = rotated(RING)

    assert ring.open(old, context="c").value == "pass"
    assert ring.key_id(ring.seal(Secret("pass"), context="c")) == ring.current != RING.current


def test_without_its_key_a_secret_stays_shut() -> None:
    sealed = RING.seal(Secret("pass"), context="c")

    with pytest.raises(CannotOpen, match="not in the key ring"):
        KeyRing("other", {"other": b"0" * 32}).open(sealed, context="c")


def test_a_ring_on_disk_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "ring.json"

    save_ring(RING, path)

    assert load_ring(path) == RING
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_secret_never_shows_itself() -> None:
    secret = Secret("correct horse")

    assert "correct horse" not in f"{secret} {secret!r} {RING!r}"
