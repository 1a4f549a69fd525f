"""Who hands a message over, and who must receive it."""

from __future__ import annotations

from dataclasses import dataclass

from outtray.mail.address import Address


@dataclass(frozen=True, slots=True)
class Envelope:
    """The addresses of one handing over (RFC 5321 §2.3.1). Copies are recipients like all."""

    sender: Address
    recipients: tuple[Address, ...]

    @property
    def needs_smtputf8(self) -> bool:
        return any(address.needs_smtputf8 for address in (self.sender, *self.recipients))
