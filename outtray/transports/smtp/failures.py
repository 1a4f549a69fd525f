"""What a no means, and for whom.

What the server's provider means by it comes first, then what the standards mean by its
codes, then what well-known software means by its words; at last the stage says whom it
concerns, and the first digit whether trying again can help (RFC 5321 §4.2.1).
"""

from __future__ import annotations

from outtray.mail.reply import Reply
from outtray.transports.base import Failure, Scope, Source, Stage, Trouble
from outtray.transports.egress import NoWay
from outtray.transports.smtp.line import LineBroken
from outtray.transports.smtp.providers import rules_of
from outtray.transports.smtp.rules import BY_CODE, BY_STAGE, BY_WORDS, ENVELOPE
from outtray.transports.waits import wait_asked_for

# Told by us, not by the server: which of them trying again can help, and whom they concern.
_PASSING = frozenset(
    {
        Trouble.NAME_SERVICE_FAILED,
        Trouble.CONNECTION_REFUSED,
        Trouble.UNREACHABLE,
        Trouble.TIMED_OUT,
        Trouble.CONNECTION_CLOSED,
        Trouble.TLS_INTERRUPTED,
    }
)

# Once logged in it is a mail server, so rubbish is a passing fault and no wrong setting.
_PASSING_LATER = _PASSING | {Trouble.NOT_A_MAIL_SERVER, Trouble.REPLY_TOO_LONG}


def failure_from(reply: Reply, *, stage: Stage, host: str = "") -> Failure:
    """Say what a refusal means, and for whom. `host` tells by whose habits to read it."""
    rules = (*rules_of(host), *BY_CODE, *BY_WORDS, *BY_STAGE)
    rule = next(rule for rule in rules if rule.fits(reply, stage))
    is_temporary = reply.is_temporary if rule.is_temporary is None else rule.is_temporary
    return Failure(
        stage=stage,
        scope=rule.scope,
        is_temporary=is_temporary,
        source=Source.SERVER,
        text=reply.text,
        code=reply.code,
        enhanced_code=reply.enhanced_code,
        wait=wait_asked_for(reply.text) if is_temporary else 0,
    )


def failure_from_broken(broken: LineBroken, *, stage: Stage, host: str = "") -> Failure:
    """Say what it means that a line broke: what the server still said, or what we saw."""
    if broken.last_words and not broken.last_words.is_positive:
        return failure_from(broken.last_words, stage=stage, host=host)
    return own_failure(broken.trouble, broken.text, stage=stage)


def failure_from_no_way(no_way: NoWay, *, stage: Stage) -> Failure:
    """Say what it means that there is no connection."""
    return own_failure(no_way.trouble, no_way.text, stage=stage)


def own_failure(
    trouble: Trouble, text: str, *, stage: Stage, source: Source = Source.NETWORK
) -> Failure:
    """A failure that we saw ourselves. What does not pass by itself concerns the mailbox."""
    is_passing = trouble in (_PASSING_LATER if stage in ENVELOPE else _PASSING)
    return Failure(
        stage=stage,
        scope=Scope.SERVER if is_passing else Scope.MAILBOX,
        is_temporary=is_passing,
        source=source,
        text=text,
        trouble=trouble,
    )
