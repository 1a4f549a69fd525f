"""What tells that it was too much, or too fast."""

from __future__ import annotations

from outtray.diagnosis.causes import Cause
from outtray.diagnosis.signs import Sign
from outtray.transports.base import Stage

_RECIPIENT = (Stage.RECIPIENT,)
_MESSAGE = (Stage.SENDER, Stage.RECIPIENT, Stage.CONTENT, Stage.ANSWER)

SAID = (
    Sign(
        Cause.RECIPIENT_RATE_LIMITED,
        words=r"(receiving|trying to contact).{0,60}(rate|quickly|too (much|many))"
        r"|recipient.{0,40}(exceeded|limit).{0,60}(receive|per hour)|ReceivingRate",
    ),
    Sign(Cause.RECIPIENT_RATE_LIMITED, enhanced=("5.2.122", "4.2.122", "5.2.121")),
    Sign(
        Cause.PLAN_QUOTA_EXHAUSTED,
        words=r"(credits?|plan).{0,40}(exceed|exhaust|used up|limit|insufficient|expired)"
        r"|(exceed|insufficient|no more|maximum).{0,20}credits?|payment required|trial.*limit",
    ),
    Sign(
        Cause.DAILY_LIMIT,
        words=r"(daily|24.?h(ou)?r?s?|per day|today).{0,60}(limit|quota|exceed)"
        r"|(limit|quota|exceed)\w*.{0,60}(daily|24.?hour|per day|today|for the day)"
        r"|submission ?quota|tageslimit|quota journalier|límite diario|user sending quota",
    ),
    Sign(Cause.DAILY_LIMIT, enhanced=("5.4.5", "4.4.5", "5.7.233", "5.7.232")),
    Sign(
        Cause.TOO_MANY_CONNECTIONS,
        words=r"(concurrent|simultaneous|thread) (connection|session|limit)"
        r"|too many (concurrent |smtp )?(connection|session)|connections? limit"
        r"|zu viele verbindungen|trop de connexions",
    ),
    Sign(
        Cause.TOO_MANY_RECIPIENTS,
        words=r"too many recipients(?! this)|recipient (count|limit)|maximum.{0,20}recipients"
        r"|trop de destinataires|zu viele empf|demasiados destinatarios",
        stages=(*_RECIPIENT, Stage.CONTENT),
    ),
    Sign(Cause.TOO_MANY_RECIPIENTS, enhanced=("5.5.3", "4.5.3", "5.2.254")),
    Sign(
        Cause.GREYLISTED,
        words=r"gr[ea]y.?list|unverif[iy]+able|try again in \d+ (sec|min)|not yet authori[sz]ed"
        r"|verification in progress|please retry.{0,20}(later|minutes)|delayed.{0,20}anti-?spam",
        codes=(4, 0),
        stages=(*_MESSAGE, Stage.GREETING, Stage.CONNECT),
    ),
    Sign(
        Cause.RATE_LIMITED,
        words=r"rate.?limit|too (many|much|fast).{0,40}(mail|message|hour|minute|recipients this)"
        r"|(hour|minute).{0,30}(limit|quota)|(limit|quota).{0,30}(hour|minute)|throttl"
        r"|temporarily deferred|unexpected volume|mail send limit|max\w* messages? per"
        r"|slow down|service refus|volume of (mail|email)|rate exceeded|envoi.{0,20}limit"
        r"|too many (messages|mails|emails)|sending (rate|limit)"
        r"|exceed\w*.{0,40}(messag|send|mail)\w* (limit|quota)"
        r"|(messag|send|mail)\w* (limit|quota)\w*.{0,20}exceed",
    ),
    Sign(Cause.RATE_LIMITED, enhanced=("4.7.650", "4.7.28", "5.7.28")),
)
