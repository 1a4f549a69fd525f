"""What should be done about a failure that somebody else tells of, in one word.

Most causes decide it by themselves: a wrong password wants new settings, whatever the first
digit of its code. Where the cause leaves it open, the failure is judged as delivery would.
"""

from __future__ import annotations

from collections.abc import Mapping

from outtray.delivery.course import Course, course
from outtray.diagnosis.case import Case
from outtray.diagnosis.causes import FAMILY_OF, Cause, Family
from outtray.diagnosis.symptom import Symptom
from outtray.transports.base import Stage
from outtray.transports.told import STAGES, Told, failure_told

_BY_FAMILY: Mapping[Family, Course] = {
    Family.CREDENTIALS: Course.FIX_SETTINGS,
    Family.NETWORK: Course.FIX_SETTINGS,
    Family.TLS: Course.FIX_SETTINGS,
    Family.SENDER: Course.FIX_SETTINGS,
    Family.REPUTATION: Course.PAUSE_ACCOUNT,
    Family.LIMITS: Course.RETRY_LATER,
    Family.RECIPIENT: Course.FAIL_MESSAGE,
    Family.MESSAGE: Course.FAIL_MESSAGE,
    Family.SERVER: Course.RETRY_LATER,
    Family.OAUTH: Course.FIX_SETTINGS,
    Family.API: Course.FIX_SETTINGS,
    Family.EWS: Course.FIX_SETTINGS,
    Family.OURS: Course.FIX_SETTINGS,
}
_BY_CAUSE: Mapping[Cause, Course] = {
    Cause.AUTH_BACKEND_UNAVAILABLE: Course.RETRY_LATER,
    Cause.DNS_TEMPORARY_FAILURE: Course.RETRY_LATER,
    Cause.REMOTE_UNREACHABLE: Course.RETRY_LATER,
    Cause.CONNECTION_DROPPED: Course.RETRY_LATER,
    Cause.DAILY_LIMIT: Course.PAUSE_ACCOUNT,
    Cause.PLAN_QUOTA_EXHAUSTED: Course.PAUSE_ACCOUNT,
    Cause.TOO_MANY_RECIPIENTS: Course.FAIL_MESSAGE,
    Cause.SENDER_MAILBOX_FULL: Course.PAUSE_ACCOUNT,
}
# A full mailbox or a server that is set up wrongly may be right tomorrow, if its code says so.
_OPEN = frozenset({Cause.MAILBOX_FULL, Cause.RECIPIENT_SERVER_MISCONFIGURED, Cause.POLICY_REJECTED})
_OWN_MAILBOX = frozenset({"graph", "gmail_api", "ews", "oauth", "imap"})


def course_of(cause: Cause, case: Case, symptom: Symptom) -> Course:
    """What this case calls for."""
    if cause in _OPEN:
        return course(failure_told(_told(case, symptom)))
    if cause is Cause.TOO_MANY_AUTH_FAILURES:
        return Course.PAUSE_ACCOUNT if symptom.reply_class == 5 else Course.RETRY_LATER
    if cause is Cause.MAILBOX_NOT_FOUND and symptom.protocol in _OWN_MAILBOX:
        return Course.FIX_SETTINGS
    return _BY_CAUSE.get(cause) or _BY_FAMILY[FAMILY_OF[cause]]


def _told(case: Case, symptom: Symptom) -> Told:
    named = case.stage if case.stage in STAGES else _NAMES.get(symptom.stage, "data")
    return Told(
        protocol=symptom.protocol or "smtp",
        stage=named,
        text=case.text,
        code=str(symptom.code or case.code),
        enhanced_code=symptom.enhanced,
        provider=case.provider,
        context=case.context,
    )


_NAMES: Mapping[Stage | None, str] = {
    Stage.SETTINGS: "settings",
    Stage.DNS: "dns",
    Stage.CONNECT: "connect",
    Stage.TLS: "tls",
    Stage.GREETING: "greeting",
    Stage.EHLO: "ehlo",
    Stage.LOGIN: "auth",
    Stage.TOKEN: "oauth",
    Stage.SENDER: "mail_from",
    Stage.RECIPIENT: "rcpt_to",
}
