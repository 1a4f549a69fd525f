"""Yahoo and AOL: senders.yahooinc.com/smtp-error-codes."""

from __future__ import annotations

from outtray.diagnosis.causes import Cause
from outtray.diagnosis.signs.provider import Provider
from outtray.diagnosis.signs.sign import Sign
from outtray.transports.base import Stage


def _steps(name: str, page: str) -> dict[str, tuple[str, ...]]:
    return {
        "en": (
            f"Sign in at {page} and press Generate app password (turn on two-step verification "
            "first, if it asks for it).",
            f"Paste the app password here as the password: {name} does not take the password of "
            "the account in other programs.",
            "Press Validate again.",
        ),
        "de": (
            f"Melden Sie sich unter {page} an und drücken Sie auf App-Passwort generieren "
            "(schalten Sie zuvor die Bestätigung in zwei Schritten ein, falls gefragt).",
            f"Fügen Sie das App-Passwort hier als Passwort ein: {name} nimmt das Passwort des "
            "Kontos in anderen Programmen nicht an.",
            "Drücken Sie erneut auf Validate.",
        ),
    }


_YAHOO = _steps("Yahoo", "https://login.yahoo.com/account/security")
_AOL = _steps("AOL", "https://login.aol.com/account/security")
_SIGNS = (
    Sign(
        Cause.APP_PASSWORD_REQUIRED,
        words="""too many bad auth | auth005 | auth006 | invalid credentials
        | authenticationfailed""",
        stages=(Stage.LOGIN,),
        unless="oauth",
    ),
    Sign(Cause.RATE_LIMITED, words="[ts0 | [ts1 | [tss0 | [tss1 | [con"),
    Sign(Cause.IP_BLOCKLISTED, words="[bl2 | [bl1 | [bl0 | (dyn:t | (con:b | (rtr:bl | (rly:b"),
    Sign(Cause.GREYLISTED, words="[gl0"),
    Sign(Cause.SPAM_CONTENT_REJECTED, words="[ph0 | (hvu:b | (cpd:"),
    Sign(Cause.SENDER_REPUTATION_LOW, words="(rtr:rp | (rtr:ge | (rtr:su"),
    Sign(Cause.PTR_MISSING, words="(dns:nr | (rtr:dns"),
    Sign(Cause.RATE_LIMITED, words="(rtr:", codes=(4,)),
    Sign(Cause.DMARC_POLICY_REJECT, words="sln7253 | sln24016"),
    Sign(Cause.MAILBOX_DISABLED, words="this mailbox is disabled | (554.30)"),
    Sign(
        Cause.MAILBOX_NOT_FOUND,
        words="doesn't have a | dd requested mail action aborted | is no longer valid",
        codes=(554,),
    ),
)

PROVIDERS = (
    Provider(
        "yahoo",
        called=("yahoo", "verizon", "ymail", "att", "at&t", "sbcglobal"),
        hosts=("yahoo.com", "yahoodns.net", "ymail.com"),
        words="yahoo.com | sln3434 | [tss0 | [ts0 | delivery error: dd",
        preset="yahoo",
        signs=_SIGNS,
        steps={
            Cause.APP_PASSWORD_REQUIRED: _YAHOO,
            Cause.WRONG_PASSWORD: _YAHOO,
            Cause.MFA_REQUIRED: _YAHOO,
        },
    ),
    Provider(
        "aol",
        called=("aol",),
        hosts=("aol.com",),
        words="postmaster.info.aol | postmaster.aol | aol.com",
        preset="aol",
        signs=_SIGNS,
        steps={Cause.APP_PASSWORD_REQUIRED: _AOL, Cause.WRONG_PASSWORD: _AOL},
    ),
)
