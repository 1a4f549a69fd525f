"""What a no means, and for whom: the reply's stage, codes and words, judged by tables.

The first rule that fits counts; without one, the stage says whom it concerns and the first
digit whether trying again can help (RFC 5321 §4.2.1).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from outtray.mail.reply import Reply
from outtray.transports.base import Failure, Scope, Source, Stage, Trouble
from outtray.transports.egress import NoWay
from outtray.transports.smtp.line import LineBroken

# Before the login a server refuses this network or is out of order: nobody can send then.
SCOPE: Mapping[Stage, Scope] = {
    Stage.SETTINGS: Scope.MAILBOX,
    Stage.DNS: Scope.MAILBOX,
    Stage.CONNECT: Scope.SERVER,
    Stage.GREETING: Scope.SERVER,
    Stage.TLS: Scope.SERVER,
    Stage.EHLO: Scope.SERVER,
    Stage.LOGIN: Scope.MAILBOX,
    Stage.SENDER: Scope.SENDER,
    Stage.RECIPIENT: Scope.RECIPIENT,
    Stage.CONTENT: Scope.MESSAGE,
    Stage.ANSWER: Scope.MESSAGE,
}

_ENVELOPE = frozenset({Stage.SENDER, Stage.RECIPIENT, Stage.CONTENT, Stage.ANSWER})
_TAKEN = frozenset({Stage.SENDER, Stage.CONTENT, Stage.ANSWER})
_RECIPIENT = frozenset({Stage.RECIPIENT})


@dataclass(frozen=True, slots=True)
class Rule:
    """Fits where all that it names fits. `is_temporary` None leaves it to the first digit."""

    scope: Scope
    is_temporary: bool | None = None
    stages: frozenset[Stage] = frozenset()
    codes: frozenset[int] = frozenset()
    enhanced: str = ""
    words: str = ""

    def fits(self, reply: Reply, stage: Stage) -> bool:
        return (
            (not self.stages or stage in self.stages)
            and (not self.codes or reply.code in self.codes)
            and (not self.enhanced or bool(re.fullmatch(self.enhanced, reply.enhanced_code)))
            and (not self.words or bool(re.search(self.words, reply.text, re.IGNORECASE)))
        )


RULES: tuple[Rule, ...] = (
    # The server is closing (RFC 5321 §3.8), whatever it was asked.
    Rule(Scope.SERVER, codes=frozenset({421})),
    # Too many connections or too fast: Exchange says 432, Postfix and others 4.7.x or 4.3.2.
    Rule(Scope.SERVER, codes=frozenset({432})),
    # A login that cannot be checked just now (RFC 4954 §4.7), rather than a wrong one.
    Rule(Scope.SERVER, stages=frozenset({Stage.LOGIN}), codes=frozenset({450, 451, 454})),
    # A daily or hourly limit of the account: Gmail, Exchange Online, IONOS, web hosts.
    Rule(Scope.MAILBOX, is_temporary=True, stages=_ENVELOPE, enhanced=r"[45]\.4\.5"),
    Rule(
        Scope.MAILBOX,
        is_temporary=True,
        stages=_ENVELOPE,
        words=r"SubmissionQuotaExceeded|(send|sending|relay|submission|hourly|daily)"
        r"( \w+)? (limit|quota)|(limit|quota) (of|for) (messages|recipients|mails)|"
        r"too many (messages|recipients) (this|per) (hour|day)",
    ),
    Rule(Scope.MAILBOX, is_temporary=True, stages=_ENVELOPE, enhanced=r"[45]\.7\.233"),
    # Exchange Online punishes an account that went on in spite of errors; it must rest.
    Rule(Scope.MAILBOX, is_temporary=True, stages=_ENVELOPE, enhanced=r"5\.2\.25[1345]"),
    # May not send as this address: by its own code, or at RCPT, where Postfix tells it.
    Rule(Scope.SENDER, stages=_ENVELOPE, enhanced=r"5\.7\.60|5\.2\.252|5\.1\.[78]"),
    Rule(
        Scope.SENDER,
        stages=_ENVELOPE,
        words=r"sender address rejected|not owned by (auth )?user|sendas|send as|"
        r"not allowed to send from|address is not verified|from address does not match",
    ),
    # Not logged in, or a server that is not ours: the settings are wrong (RFC 4954 §6).
    Rule(
        Scope.MAILBOX,
        is_temporary=False,
        stages=_ENVELOPE,
        codes=frozenset({530, 534, 535, 538}),
    ),
    Rule(
        Scope.MAILBOX,
        stages=_ENVELOPE,
        words=r"relay(ing)? (access )?(denied|not permitted|not allowed)|"
        r"(unable|not configured) to relay|helo command rejected|"
        r"authentication (is )?required|client (was|is) not authenticated|unauthenticated sender",
    ),
    # The account itself is stopped (Exchange Online 5.7.5xx, 5.7.7xx; no password any more).
    Rule(Scope.MAILBOX, stages=_ENVELOPE, enhanced=r"5\.7\.(30|57|139|50[1-9]|51[0-4]|7\d\d)"),
    # Someone else's mailbox, at whatever stage it is told.
    Rule(Scope.RECIPIENT, stages=_ENVELOPE, enhanced=r"[45]\.(1\.[1236]|2\.[12])"),
    # Too large, as a whole or for this recipient (RFC 1870 §6.2, RFC 3463 §3.3 and §3.4).
    Rule(Scope.MESSAGE, stages=_ENVELOPE, enhanced=r"[45]\.(3\.4|2\.3)"),
    Rule(Scope.MESSAGE, stages=_TAKEN, codes=frozenset({523, 552})),
    # RFC 5321 §4.5.3.1.10: too many at a time is a matter of trying the rest again.
    Rule(Scope.RECIPIENT, is_temporary=True, stages=_RECIPIENT, enhanced=r"[45]\.5\.3"),
    Rule(Scope.RECIPIENT, is_temporary=True, stages=_RECIPIENT, words=r"too many recipients"),
    # The server's own state: disk, overload, being shut down (RFC 3463 §3.4).
    Rule(Scope.SERVER, stages=_ENVELOPE, enhanced=r"4\.3\.\d+"),
    # Passing trouble with the sender is not the sender's fault.
    Rule(Scope.SERVER, is_temporary=True, stages=_TAKEN, codes=frozenset(range(400, 500))),
)

# Told by us, not by the server: which of them trying again can help, and whom they concern.
_PASSING = frozenset(
    {
        Trouble.NAME_SERVICE_FAILED,
        Trouble.CONNECTION_REFUSED,
        Trouble.UNREACHABLE,
        Trouble.TIMED_OUT,
        Trouble.CONNECTION_CLOSED,
    }
)

# Once logged in it is a mail server, so rubbish is a passing fault and no wrong setting.
_PASSING_LATER = _PASSING | {Trouble.NOT_A_MAIL_SERVER, Trouble.REPLY_TOO_LONG}


def failure_from(reply: Reply, *, stage: Stage) -> Failure:
    """Say what a refusal means, and for whom."""
    rule = next((rule for rule in RULES if rule.fits(reply, stage)), None)
    scope = rule.scope if rule else SCOPE[stage]
    is_temporary = rule.is_temporary if rule else None
    return Failure(
        stage=stage,
        scope=scope,
        is_temporary=reply.is_temporary if is_temporary is None else is_temporary,
        source=Source.SERVER,
        text=reply.text,
        code=reply.code,
        enhanced_code=reply.enhanced_code,
    )


def failure_from_broken(broken: LineBroken, *, stage: Stage) -> Failure:
    """Say what it means that a line broke: what the server still said, or what we saw."""
    if broken.last_words and not broken.last_words.is_positive:
        return failure_from(broken.last_words, stage=stage)
    return own_failure(broken.trouble, broken.text, stage=stage)


def failure_from_no_way(no_way: NoWay, *, stage: Stage) -> Failure:
    """Say what it means that there is no connection."""
    return own_failure(no_way.trouble, no_way.text, stage=stage)


def own_failure(
    trouble: Trouble, text: str, *, stage: Stage, source: Source = Source.NETWORK
) -> Failure:
    """A failure that we saw ourselves. What does not pass by itself concerns the mailbox."""
    is_passing = trouble in (_PASSING_LATER if stage in _ENVELOPE else _PASSING)
    return Failure(
        stage=stage,
        scope=Scope.SERVER if is_passing else Scope.MAILBOX,
        is_temporary=is_passing,
        source=source,
        text=text,
        trouble=trouble,
    )
