"""What tells that the message or its source is distrusted, or its form is wrong."""

from __future__ import annotations

from outtray.diagnosis.causes import Cause
from outtray.diagnosis.signs import Sign
from outtray.transports.base import Stage, Trouble

_MESSAGE = (Stage.SENDER, Stage.RECIPIENT, Stage.CONTENT, Stage.ANSWER)

SEEN = (
    Sign(Cause.SMTPUTF8_NOT_OFFERED, troubles=(Trouble.SMTPUTF8_NOT_OFFERED,)),
    Sign(Cause.MESSAGE_TOO_LARGE, troubles=(Trouble.MESSAGE_TOO_LARGE,)),
    Sign(Cause.MALFORMED_MESSAGE, troubles=(Trouble.MESSAGE_MALFORMED,)),
    Sign(Cause.TOO_MANY_RECIPIENTS, troubles=(Trouble.ENOUGH_RECIPIENTS,)),
)

DISTRUST = (
    Sign(
        Cause.SPAM_CONTENT_REJECTED,
        words=r"spamhaus dbl|\b(dbl|surbl|uribl)\b|spam(my)? (url|link|content)"
        r"|(url|link|domain)s? (present )?in (the )?(content|message).{0,40}(list|spam|block)",
    ),
    Sign(
        Cause.IP_BLOCKLISTED,
        words=r"block ?list|black ?list|bloc?k list|spamhaus|spamcop|barracudacentral|\brbl\b"
        r"|dnsbl|sorbs|AUP#\w*RBL|reputation of the sending ip|(ip|host|client).{0,40}"
        r"(blocked|listed|bloqu|banned|gesperrt)|not accepting connections|S3150|bad reputation"
        r"|poor reputation|your ip",
    ),
    Sign(
        Cause.SENDER_REPUTATION_LOW,
        words=r"reputation|AUP#|user complaints|low sender score|senderscore",
    ),
)

SAID = (
    Sign(
        Cause.VIRUS_DETECTED,
        words=r"\bvirus\b|malware|infected|clamav|trojan",
    ),
    Sign(
        Cause.ATTACHMENT_BLOCKED,
        words=r"attachment.{0,60}(block|not allowed|forbidden|reject|prohibit|banned)"
        r"|(blocked|banned|illegal|forbidden).{0,20}(attachment|file)|file type"
        r"|BlockedMessage|potential security issue",
    ),
    Sign(
        Cause.MESSAGE_TOO_LARGE,
        words=r"(message|size|mail|nachricht).{0,40}(too (large|big|long)|exceed.{0,30}"
        r"(size|limit|maximum)|zu gro(ß|ss)|trop (volumineux|gros)|demasiado grande)"
        r"|(size|message).{0,20}(limit|larger than)|maximum.{0,20}(message )?size"
        r"|MessageSizeExceeded|exceeds? (fixed )?maximum",
        stages=_MESSAGE,
    ),
    Sign(Cause.MESSAGE_TOO_LARGE, enhanced=("5.3.4", "5.2.3")),
    Sign(
        Cause.MALFORMED_MESSAGE,
        words=r"rfc.?(2822|5322|822|5321)|(multiple|duplicate|missing|invalid|bad|malformed)"
        r".{0,40}header|header.{0,40}(missing|invalid|malformed|8.?bit)|8-?bit data|bare (lf|cr)"
        r"|line too long|not.{0,20}compliant|missing a valid address in from|[?&]c=h[id]"
        r"|no (valid )?from|missing date",
        stages=_MESSAGE,
    ),
    Sign(Cause.MALFORMED_MESSAGE, enhanced=("5.6.", "5.5.2"), stages=(Stage.CONTENT, Stage.ANSWER)),
    Sign(
        Cause.SPAM_CONTENT_REJECTED,
        words=r"\bspam\b|unsolicited|phish|\bucm\b|bulk mail|junk",
        stages=(Stage.CONTENT, Stage.ANSWER, Stage.RECIPIENT),
    ),
    Sign(Cause.SPAM_CONTENT_REJECTED, enhanced=("5.7.105", "5.7.350", "5.7.352")),
    Sign(
        Cause.POLICY_REJECTED,
        words=r"polic(y|ies)|anti-?spoof|not allowed from this range|administrative prohibition"
        r"|content rejected|richtlinie|politique|política|rejected by (the )?rule",
        stages=_MESSAGE,
    ),
)
