"""Microsoft 365, Outlook.com and Entra: learn.microsoft.com, "NDRs in Exchange Online",
"SMTP submission improvements", "Microsoft Entra authentication error codes"."""

from __future__ import annotations

from collections.abc import Mapping

from outtray.diagnosis.causes import Cause
from outtray.diagnosis.signs.provider import Provider
from outtray.diagnosis.signs.sign import Sign
from outtray.transports.base import Stage

_LOGIN = (Stage.LOGIN,)

# Microsoft Entra numbers its reasons; these mean the same wherever they are read.
_NUMBERS: Mapping[Cause, str] = {
    Cause.OAUTH_CLIENT_SECRET_EXPIRED: "7000222",
    Cause.OAUTH_CLIENT_SECRET_INVALID: """
        7000215 7000216 7000218 7000219 70002 50012 50013 700025 700027 700024 7000232 7000272
        700021 7002381 700030 70025
    """,
    Cause.OAUTH_APP_NOT_FOUND: "700016 70001 7000112 7000111 700010",
    Cause.WRONG_TENANT: """
        90002 90019 90072 90130 90020 50020 50034 50128 50059 50194 50107 51004 500021 500202
        9002331 9002332 9002346 500208 500207 650059 16000 90038 9001023 90123
    """,
    Cause.OAUTH_CONSENT_MISSING: """
        65001 65004 90094 90095 90093 90008 65002 90097 650056 650057 650052 650051 7000114 90092
    """,
    Cause.OAUTH_SCOPE_INSUFFICIENT: """
        70011 65005 500011 1002012 28000 28003 28002 650053 650054 500014 50001 90009 70012
    """,
    Cause.MFA_REQUIRED: """
        50076 50079 50072 50074 50078 500121 50158 50203 53004 50207 5000224 500119 50206
    """,
    Cause.CONDITIONAL_ACCESS_BLOCK: """
        53000 53001 53002 53003 53009 53010 530003 530032 50097 50105 50131 530001 530002 53011
        530034 530084 50005 50129 50125 530021 50199 5000611 50177 50187 501314 130004 7000023
    """,
    Cause.SECURITY_DEFAULTS_BLOCK: "530035 53035",
    Cause.ACCOUNT_LOCKED: "50053 50057 50055 50144 50142 120000",
    Cause.WRONG_PASSWORD: "50126 50056 50064 50052 80014 80012 81016 50008",
    Cause.OAUTH_TOKEN_REVOKED: """
        50173 700082 700084 70008 70043 50089 50132 50133 54005 70000 700081 50058 700003
        50085 50029 160021 70044 65009 50027 700009 70019 50143
    """,
    Cause.TLS_VERSION_TOO_OLD: "1002016",
    Cause.API_REQUEST_MALFORMED: """
        900144 90014 9002313 50011 500113 501131 50146 501481 70003 70005 70007 90007 50003 50017
        90013 90023 90010 900561 9002327 9002325 9002326 90056 54008 50117 900971
        90043 50049 70018
    """,
    Cause.SERVER_TEMPORARY_FAILURE: "90033 90055 90051 50196 90024 50087 90012 90006 50000 20012",
}


def _of(numbers: str) -> str:
    return " | ".join(f"aadsts{number}$" for number in numbers.split())


_ENTRA = (
    Sign(Cause.OAUTH_APP_NOT_FOUND, words="aadsts900144 & client_id"),
    Sign(Cause.OAUTH_TOKEN_REVOKED, words="aadsts900144 & refresh_token"),
    Sign(Cause.OAUTH_CLIENT_SECRET_INVALID, words="aadsts900144 & client_secret"),
    Sign(
        Cause.SECURITY_DEFAULTS_BLOCK,
        words="aadsts & security defaults",
    ),
    Sign(Cause.SUSPICIOUS_LOGIN_BLOCKED, words="aadsts50053$ & malicious ip"),
    *(Sign(cause, words=_of(numbers)) for cause, numbers in _NUMBERS.items()),
)

_SMTP = (
    # What Outlook.com means by the codes in its brackets: the lists of its postmaster pages.
    Sign(
        Cause.IP_BLOCKLISTED,
        words="""s3140 | s3150 | sc-001 | sc-002 | sc-003 | sc-004 | dy-001 | dy-002 | ou-001
        | ou-002 | (s844 | part of their network is on our block list | banned sending ip""",
    ),
    Sign(Cause.IP_BLOCKLISTED, enhanced=("5.7.511", "5.7.708", "5.7.513", "5.7.514")),
    Sign(Cause.IP_BLOCKLISTED, enhanced=("5.7.6",), words="access denied"),
    Sign(
        Cause.RATE_LIMITED,
        words="""s3113 | s3114 | s3115 | s77719 | s77714 | s775 | rp-001 | rp-002 | rp-003
        | rate limited due to ip""",
    ),
    Sign(
        Cause.IP_BLOCKLISTED,
        words="banned sending ip | banned ip",
    ),
    Sign(Cause.SENDER_NOT_VERIFIED, enhanced=("5.7.750",)),
    Sign(Cause.CREDENTIALS_NOT_SENT, enhanced=("5.7.57",)),
    Sign(Cause.RECIPIENT_REJECTED, enhanced=("5.7.504", "5.7.505", "5.7.510")),
    Sign(
        Cause.ACCOUNT_SUSPENDED_SPAM,
        words="5.7.705 | 5.7.501 | 5.7.502 | 5.7.503 | restricted entities",
    ),
    Sign(
        Cause.DAILY_LIMIT,
        words="submissionquotaexceeded | tenant exceeded threshold | exceeded .. recipient rate",
        unless="per hour",
    ),
    Sign(
        Cause.SENDER_MAILBOX_FULL,
        words="storedrv.submission & quota | mapiexceptionshutoffquota | quotaexceededexception",
        unless="submissionquota",
    ),
    Sign(Cause.TOO_MANY_RECIPIENTS, words="mapiexceptionmaxsubmission | recipientlimit"),
    Sign(
        Cause.MIDDLEBOX_INTERFERENCE,
        words="exim | postfix | sendmail | qmail | dovecot",
        stages=_LOGIN,
        codes=(535,),
        when=lambda symptom: symptom.around.host.endswith(("office365.com", "outlook.com")),
    ),
    Sign(
        Cause.WRONG_PASSWORD,
        words="user credentials were incorrect | username or password",
        stages=_LOGIN,
        enhanced=("5.7.139",),
    ),
    Sign(
        Cause.ACCOUNT_LOCKED,
        words="account is locked | locked out",
        stages=_LOGIN,
        unless="organization",
    ),
    Sign(
        Cause.BASIC_AUTH_RETIRED,
        words="basic authentication | logondenied-basicauth | basicauthblocked | logon denied",
        stages=_LOGIN,
    ),
)

_ADMIN_SMTP = {
    "en": (
        "Ask your Microsoft 365 administrator to open https://admin.microsoft.com, then Users > "
        "Active users > {address} > Mail > Manage email apps, and to tick Authenticated SMTP.",
        "The mailbox's setting wins over the organisation's. In PowerShell: Set-CASMailbox "
        "-Identity {address} -SmtpClientAuthenticationDisabled $false",
        "Wait up to an hour, then press Validate again. The password may well be right.",
        "Better for good: choose Email Services > Microsoft and press Connect. Microsoft switches "
        "password sign-in over SMTP off by default at the end of December 2026.",
        "Microsoft's own page: https://aka.ms/smtp_auth_disabled",
    ),
    "de": (
        "Bitten Sie Ihren Microsoft-365-Administrator, https://admin.microsoft.com zu öffnen, "
        "dann Benutzer > Aktive Benutzer > {address} > E-Mail > E-Mail-Apps verwalten, und "
        "Authentifiziertes SMTP anzuhaken.",
        "Die Einstellung des Postfachs geht der der Organisation vor. In PowerShell: "
        "Set-CASMailbox -Identity {address} -SmtpClientAuthenticationDisabled $false",
        "Warten Sie bis zu einer Stunde und drücken Sie dann erneut auf Validate. Das Passwort "
        "kann durchaus richtig sein.",
        "Auf Dauer besser: Email Services > Microsoft wählen und Connect drücken. Ende "
        "Dezember 2026 schaltet Microsoft die Anmeldung mit Passwort über SMTP ab.",
        "Microsofts eigene Seite: https://aka.ms/smtp_auth_disabled",
    ),
}
_CONNECT = {
    "en": (
        "Choose Email Services > Microsoft instead of a password, and press Connect.",
        "Personal mailboxes (Outlook.com, Hotmail, Live, MSN) take no password any more since 16 "
        "September 2024, app passwords included.",
        "In a Microsoft 365 organisation an administrator can allow it for a while: Users > "
        "Active users > {address} > Mail > Manage email apps > Authenticated SMTP. Microsoft "
        "switches it off by default at the end of December 2026.",
    ),
    "de": (
        "Wählen Sie statt eines Passworts Email Services > Microsoft und drücken Sie auf Connect.",
        "Private Postfächer (Outlook.com, Hotmail, Live, MSN) nehmen seit dem 16. September 2024 "
        "kein Passwort mehr an, auch kein App-Passwort.",
        "In einer Microsoft-365-Organisation kann ein Administrator es noch eine Weile erlauben: "
        "Benutzer > Aktive Benutzer > {address} > E-Mail > E-Mail-Apps verwalten > "
        "Authentifiziertes SMTP. Ende Dezember 2026 schaltet Microsoft es ab.",
    ),
}
_CONSENT = {
    "en": (
        "Ask your administrator to grant consent for the whole organisation: "
        "https://login.microsoftonline.com/organizations/v2.0/adminconsent with the client id of "
        "the app, or Entra admin center > App registrations > the app > API permissions > Grant "
        "admin consent (https://entra.microsoft.com).",
        "Then press Connect again and accept.",
    ),
    "de": (
        "Bitten Sie Ihren Administrator, die Zustimmung für die ganze Organisation zu erteilen: "
        "https://login.microsoftonline.com/organizations/v2.0/adminconsent mit der Client-ID der "
        "App, oder Entra Admin Center > App-Registrierungen > die App > API-Berechtigungen > "
        "Administratorzustimmung erteilen (https://entra.microsoft.com).",
        "Drücken Sie dann erneut auf Connect und stimmen Sie zu.",
    ),
}
_PERMISSION = {
    "en": (
        "In https://entra.microsoft.com open App registrations > the app > API permissions, add "
        "Microsoft Graph > Mail.Send (delegated for Connect, application for a company-wide "
        "access), and press Grant admin consent.",
        "For a shared mailbox add Mail.Send.Shared, and give {username} the right Send As in the "
        "Exchange admin center.",
        "Press Connect again, so that the new permission gets into the token.",
    ),
    "de": (
        "Öffnen Sie in https://entra.microsoft.com App-Registrierungen > die App > "
        "API-Berechtigungen, fügen Sie Microsoft Graph > Mail.Send hinzu (delegiert für "
        "Connect, Anwendung für den Zugriff der Firma) und drücken Sie auf "
        "Administratorzustimmung erteilen.",
        "Für ein freigegebenes Postfach zusätzlich Mail.Send.Shared, und {username} braucht im "
        "Exchange Admin Center das Recht Senden als.",
        "Drücken Sie erneut auf Connect, damit das neue Recht in das Token kommt.",
    ),
}
_SECRET = {
    "en": (
        "In https://entra.microsoft.com open App registrations > the app > Certificates & secrets "
        "and create a new client secret.",
        "Copy its Value (not its Secret ID) at once, for it is shown only now, and enter it on "
        "the page of the Microsoft app here.",
        "A certificate lives longer than a secret and can be used instead.",
    ),
    "de": (
        "Öffnen Sie in https://entra.microsoft.com App-Registrierungen > die App > Zertifikate & "
        "Geheimnisse und erstellen Sie einen neuen geheimen Clientschlüssel.",
        "Kopieren Sie sofort seinen Wert (nicht die Geheimnis-ID), denn er wird nur jetzt "
        "gezeigt, und tragen Sie ihn hier auf der Seite der Microsoft-App ein.",
        "Ein Zertifikat lebt länger als ein Geheimnis und kann stattdessen benutzt werden.",
    ),
}
_APP = {
    "en": (
        "Compare the Application (client) ID on the page of the Microsoft app with "
        "https://entra.microsoft.com > App registrations > the app > Overview.",
        "Compare the tenant as well: the app must live in it, or be open to other organisations "
        "(Authentication > Supported account types).",
    ),
    "de": (
        "Vergleichen Sie die Anwendungs-ID (Client) auf der Seite der Microsoft-App mit "
        "https://entra.microsoft.com > App-Registrierungen > die App > Übersicht.",
        "Vergleichen Sie auch den Mandanten: Die App muss darin angelegt oder für andere "
        "Organisationen offen sein (Authentifizierung > Unterstützte Kontotypen).",
    ),
}
_EWS = {
    "en": (
        "Choose Email Services > Microsoft and press Connect: mailboxes in Exchange Online are "
        "reached that way.",
        "Microsoft switches Exchange Web Services off in Exchange Online since 1 October 2026, "
        "and for everybody on 1 April 2027. Exchange on your own server is not concerned.",
    ),
    "de": (
        "Wählen Sie Email Services > Microsoft und drücken Sie auf Connect: So werden "
        "Postfächer in Exchange Online erreicht.",
        "Seit dem 1. Oktober 2026 schaltet Microsoft Exchange Web Services in Exchange Online ab, "
        "am 1. April 2027 für alle. Exchange auf einem eigenen Server ist nicht betroffen.",
    ),
}
_STOPPED = {
    "en": (
        "Send nothing more from {address} for now, and change its password: someone else may "
        "have used the account.",
        "Your administrator unblocks it at https://security.microsoft.com/restrictedentities",
    ),
    "de": (
        "Senden Sie vorerst nichts mehr von {address} und ändern Sie das Passwort: Jemand anders "
        "kann das Konto benutzt haben.",
        "Ihr Administrator gibt es unter https://security.microsoft.com/restrictedentities frei.",
    ),
}

PROVIDERS = (
    Provider(
        "microsoft",
        called=(
            "microsoft",
            "office 365",
            "office365",
            "outlook",
            "hotmail",
            "exchange online",
            "live.com",
            "msn",
            "azure",
            "entra",
        ),
        hosts=(
            "office365.com",
            "office365.us",
            "outlook.com",
            "hotmail.com",
            "live.com",
            "partner.outlook.cn",
            "microsoftonline.com",
            "graph.microsoft.com",
        ),
        words="""aadsts | prod.outlook.com | protection.outlook.com | [outlook.com] | storedrv
        | postmaster.live.com | olc.protection | mail.protection""",
        preset="microsoft365",
        signs=(*_ENTRA, *_SMTP),
        steps={
            Cause.SMTP_AUTH_DISABLED_TENANT: _ADMIN_SMTP,
            Cause.SMTP_AUTH_DISABLED_MAILBOX: _ADMIN_SMTP,
            Cause.BASIC_AUTH_RETIRED: _CONNECT,
            Cause.OAUTH_CONSENT_MISSING: _CONSENT,
            Cause.GRAPH_PERMISSION_MISSING: _PERMISSION,
            Cause.OAUTH_SCOPE_INSUFFICIENT: _PERMISSION,
            Cause.OAUTH_CLIENT_SECRET_EXPIRED: _SECRET,
            Cause.OAUTH_CLIENT_SECRET_INVALID: _SECRET,
            Cause.OAUTH_APP_NOT_FOUND: _APP,
            Cause.WRONG_TENANT: _APP,
            Cause.EWS_RETIRED: _EWS,
            Cause.EWS_DISABLED: _EWS,
            Cause.ACCOUNT_SUSPENDED_SPAM: _STOPPED,
        },
    ),
)
