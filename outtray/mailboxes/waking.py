"""The wake-up that a mailbox with due emails needs, under the key of its company."""

from __future__ import annotations

from uuid import UUID

from outtray.engine.base import wake

WORK = "mailbox"


def wake_mailbox(
    mailbox_id: UUID, company_id: UUID, *, urgent: bool = False, connection: int = 1
) -> None:
    """Have what is due for a mailbox sent. Call it inside the transaction that makes it due."""
    wake(WORK, key_of(mailbox_id, company_id, connection), urgent=urgent)


def key_of(mailbox_id: UUID, company_id: UUID, connection: int = 1) -> str:
    """What the engine calls a mailbox's turn, one key for each connection that it may have."""
    key = f"{company_id}/{mailbox_id}"
    return key if connection == 1 else f"{key}/{connection}"


def parts_of(key: str) -> tuple[UUID, int]:
    """The mailbox and the connection that a key stands for."""
    _, mailbox_id, *rest = key.split("/")
    return UUID(mailbox_id), int(rest[0]) if rest else 1
