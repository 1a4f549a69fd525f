"""How long we wait for a server at each step."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds for each step. RFC 5321 §4.5.3.2 has minutes throughout, which fits servers
    that talk to servers; a submission server that is silent so long is not coming back,
    and trying again later costs nothing before the final dot.

    After it the full 10 minutes count: giving up then means not knowing.
    """

    look_up: float | None = None  # the system's own patience, 30 s at worst
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
    whole: float = 10  # of a Validate, until it has failed; a second look comes on top
    second_look: float = 2.5
    arrival: float = 3  # until the test mail is seen in the inbox; not to see it is no failure

    def within(self, seconds: float) -> Patience:
        """The same, but with no step longer than that: somebody waits."""
        seconds = max(seconds, 0.1)
        return replace(
            self,
            look_up=min(seconds, _LOOK_UP_WATCHED),
            connect=min(self.connect, seconds, _CONNECT_WATCHED),
            greeting=min(self.greeting, seconds),
            handshake=min(self.handshake, seconds),
            command=min(self.command, seconds),
            login=min(self.login, seconds),
            block=min(self.block, seconds),
            answer=min(self.answer, seconds),
        )


# While somebody watches, 5 s tell a silent firewall as well as 10, and 3 s a dead name server.
_CONNECT_WATCHED = 5.0
_LOOK_UP_WATCHED = 3.0

PATIENCE = Patience()
