"""Who receives a document, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from outtray.mail.address import NamedAddress


@dataclass(frozen=True, slots=True)
class Addressee:
    """One who receives a letter, and the reason in a short sentence."""

    kind: Literal["to", "cc", "bcc"]
    address: NamedAddress
    reason: str
