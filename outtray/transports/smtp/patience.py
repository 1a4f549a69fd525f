"""How long we wait for a server at each step."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds for each step. RFC 5321 §4.5.3.2 has minutes throughout, which fits servers
    that talk to servers; a submission server that is silent so long is not coming back,
    and trying again later costs nothing before the final dot.

    After it the full 10 minutes count: giving up then means not knowing.
    """

    connect: float = 10  # for each address; a handshake takes three round trips at worst
    quiet: float = 2  # before Validate wonders, at a greeting, whether this is the wrong port
    greeting: float = 30  # some servers let strangers wait on purpose, up to 25 s seen
    handshake: float = 20
    command: float = 60  # servers look up recipients elsewhere before they answer
    login: float = 60  # servers slow down wrong passwords on purpose
    block: float = 60  # without any progress while content is sent
    answer: float = 600  # RFC 5321 §4.5.3.2.6
    goodbye: float = 2
    search: float = 60  # for a whole look into the Sent folder over IMAP


PATIENCE = Patience()
