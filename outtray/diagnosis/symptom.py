"""What is known of a failure when its cause is looked for, wherever it was met."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property

from outtray.diagnosis.circumstances import Circumstances
from outtray.diagnosis.signs.lexicon import spoken
from outtray.diagnosis.signs.phrases import Spoken
from outtray.transports.base import Failure, Stage, Trouble

PROTOCOLS = ("smtp", "imap", "graph", "gmail_api", "ews", "oauth", "api")
_OF_TRANSPORT = {"gmail": "gmail_api"}
_TOKEN_STAGES = frozenset({Stage.TOKEN, Stage.SCOPES})
# Steps of web interfaces at which the same is said as after the content of a mail.
_LIKE = {
    Stage.SEND: Stage.ANSWER,
    Stage.MAILBOX: Stage.ANSWER,
    Stage.IDENTITY: Stage.ANSWER,
    Stage.ARRIVAL: Stage.ANSWER,
    Stage.SIZE: Stage.CONTENT,
    Stage.ADDRESS: Stage.SENDER,
}
# Postfix, where its judge of passwords gave no reason: nothing is unavailable but the reason.
_NO_REASON = "(reason unavailable)"
_ENHANCED = re.compile(r"(?<![\d.])([245]\.\d{1,2}\.\d{1,3})(?![\d.])")


@dataclass(frozen=True)
class Symptom:
    """`code` is a reply code or an HTTP status, 0 where none is known; `identifier` the name
    that a web interface or a program gives the error. `provider` is whose server it is said
    to be, as people call it. A stage of None is not known.
    """

    protocol: str
    stage: Stage | None
    text: str
    code: int = 0
    enhanced: str = ""
    identifier: str = ""
    provider: str = ""
    trouble: Trouble = Trouble.NONE
    around: Circumstances = field(default_factory=Circumstances)

    said: Spoken | None = field(default=None, compare=False, repr=False)

    @cached_property
    def spoken(self) -> Spoken:
        """Identifier and text, ready to be searched."""
        told = self.text.replace(_NO_REASON, "")
        return self.said or spoken(f"{self.identifier} {told}".strip())

    @property
    def reply_class(self) -> int:
        """4 for what may pass, 5 for what is final, by the code or the enhanced code; or 0."""
        if self.code:
            return self.code // 100
        return int(self.enhanced[0]) if self.enhanced else 0


def symptom_of(failure: Failure, around: Circumstances) -> Symptom:
    """A failure that we met ourselves."""
    protocol = _OF_TRANSPORT.get(around.transport, around.transport)
    return Symptom(
        protocol="oauth" if failure.stage in _TOKEN_STAGES else protocol,
        stage=_LIKE.get(failure.stage, failure.stage),
        text=failure.text,
        code=failure.code,
        enhanced=failure.enhanced_code or enhanced_in(failure.text),
        identifier=failure.identifier,
        trouble=failure.trouble,
        around=around,
    )


def enhanced_in(text: str) -> str:
    """The first enhanced code (RFC 3463) of a text, or an empty text."""
    found = _ENHANCED.search(text)
    return found[1] if found else ""
