"""GMX, WEB.DE, IONOS, 1&1, mail.com (postmaster.gmx.net/en/error-messages), Telekom, STRATO."""

from __future__ import annotations

from outtray.diagnosis.causes import Cause
from outtray.diagnosis.signs.provider import Provider
from outtray.diagnosis.signs.sign import Sign
from outtray.transports.base import Stage

_LOGIN = (Stage.LOGIN,)


def _access(name: str) -> dict[str, tuple[str, ...]]:
    return {
        "en": (
            f"Sign in to {name}'s web mail, open Settings > POP3/IMAP access, and allow access by "
            "other programs.",
            "With two-factor sign-in create an application-specific password there and use that.",
            "Press Validate again. The password itself may well be right.",
        ),
        "de": (
            f"Melden Sie sich im Webmailer von {name} an, öffnen Sie Einstellungen > POP3/IMAP "
            "Abruf und erlauben Sie den Zugriff durch andere Programme.",
            "Mit Zwei-Faktor-Anmeldung erstellen Sie dort ein anwendungsspezifisches Passwort und "
            "benutzen dieses.",
            "Drücken Sie erneut auf Validate. Das Passwort selbst kann durchaus richtig sein.",
        ),
    }


_GMX, _WEB_DE = _access("GMX"), _access("WEB.DE")
_TELEKOM = {
    "en": (
        "Telekom wants the password for mail programs, not the one of the Telekom login: set it "
        "in the customer centre, "
        "https://www.telekom.de/hilfe/apps-dienste/e-mail/programme/passwort-verwalten",
        "Enter it here and press Validate.",
    ),
    "de": (
        "Telekom verlangt das Passwort für E-Mail-Programme, nicht das des Telekom Logins: legen "
        "Sie es im Kundencenter fest, "
        "https://www.telekom.de/hilfe/apps-dienste/e-mail/programme/passwort-verwalten",
        "Tragen Sie es hier ein und drücken Sie auf Validate.",
    ),
}
_UNITED_INTERNET = (
    Sign(Cause.MALFORMED_MESSAGE, words="&c=hd | &c=hi | c=hi$ | c=hd$"),
    Sign(Cause.PTR_MISSING, words="c=rdns | c=rip"),
    Sign(Cause.IP_BLOCKLISTED, words="c=bl$ | c=bip | c=bip$ | c=ipb"),
    Sign(Cause.SPF_OR_DKIM_MISSING, words="c=spf | c=dkim"),
    Sign(Cause.DMARC_POLICY_REJECT, words="c=dmarc"),
    Sign(Cause.SPAM_CONTENT_REJECTED, words="c=spam"),
    Sign(
        Cause.RATE_LIMITED,
        words="""mail send limit | send limit exceeded | limit exceeded | too many mails
        | mailversand limit""",
        codes=(4, 5),
    ),
    Sign(
        Cause.SENDER_DOMAIN_INVALID, words="invalid dns mx | sender address has null mx | null mx"
    ),
    Sign(Cause.SENDER_NOT_ALLOWED, words="sender address is not allowed | sender address not"),
    Sign(
        Cause.IP_BLOCKLISTED,
        words="no smtp service | nemesis .. not available | nemesis .. service",
        codes=(554,),
    ),
    Sign(
        Cause.PROTOCOL_DISABLED,
        words="pop3 | imap | smtp .. not | freigeschaltet | activat",
        stages=_LOGIN,
    ),
)

PROVIDERS = (
    Provider(
        "gmx",
        called=("gmx", "mail.com"),
        hosts=("gmx.net", "gmx.com", "gmx.de", "mail.com"),
        words="postmaster.gmx | gmx.net",
        preset="gmx_de",
        signs=_UNITED_INTERNET,
        steps={Cause.PROTOCOL_DISABLED: _GMX, Cause.WRONG_PASSWORD: _GMX},
    ),
    Provider(
        "web_de",
        called=("web.de",),
        hosts=("web.de",),
        words="postmaster.web.de | web.de",
        preset="web_de",
        signs=_UNITED_INTERNET,
        steps={Cause.PROTOCOL_DISABLED: _WEB_DE, Cause.WRONG_PASSWORD: _WEB_DE},
    ),
    Provider(
        "ionos",
        called=("ionos", "1&1", "1und1"),
        hosts=(
            "ionos.de", "ionos.com", "ionos.co.uk", "ionos.fr", "ionos.es", "ionos.it",
            "1und1.de", "kundenserver.de", "perfora.net",
        ),
        words="kundenserver | ionos | 1and1 | nemesis",
        preset="ionos_com",
        signs=_UNITED_INTERNET,
    ),
    Provider(
        "telekom",
        called=("t-online", "telekom", "deutsche telekom"),
        hosts=("t-online.de",),
        words="t-online | toi-reason | tosa@",
        preset="t_online",
        signs=(
            Sign(Cause.IP_BLOCKLISTED, words="""ask your postmaster for help | contact tosa
            | tosa@rx"""),
            Sign(Cause.PTR_MISSING, words="dynamic hostname | reverse"),
        ),
        steps={Cause.WRONG_PASSWORD: _TELEKOM, Cause.APP_PASSWORD_REQUIRED: _TELEKOM},
    ),
    Provider(
        "strato",
        called=("strato", "rzone"),
        hosts=("strato.de", "strato.com", "rzone.de"),
        words="rzone.de | strato",
        preset="strato",
    ),
)  # fmt: skip
