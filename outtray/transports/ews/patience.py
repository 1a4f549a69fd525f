"""How long we wait for an Exchange server at each step."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds. `whole` bounds all of it together, 0 does not; Validate is bounded, since a
    person sits and waits. Exchange itself gives up a request after at most five minutes."""

    connect: float = 10  # for each address
    handshake: float = 20
    command: float = 60
    answer: float = 330
    octets_per_second: int = 100_000  # the slowest line on which a message still gets through
    whole: float = 0

    def for_content(self, octets: int) -> float:
        """Seconds for a request that carries so much."""
        return self.command + octets / self.octets_per_second


PATIENCE = Patience()
