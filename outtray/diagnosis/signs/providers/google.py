"""Gmail and Google Workspace: support.google.com/a/answer/3726730 ("SMTP error reference"),
developers.google.com/workspace/gmail/api/guides/handle-errors."""

from __future__ import annotations

from outtray.diagnosis.causes import Cause
from outtray.diagnosis.signs.provider import Provider
from outtray.diagnosis.signs.sign import Sign
from outtray.transports.base import Stage

_LOGIN = (Stage.LOGIN,)

_APP_PASSWORD = {
    "en": (
        "Turn on 2-Step Verification for the Google account, if it is off: "
        "https://myaccount.google.com/signinoptions/two-step-verification",
        "Create an app password at https://myaccount.google.com/apppasswords: type a name such as "
        "Outtray and press Create.",
        "Copy its 16 characters, paste them as the password here (blanks do not matter), and "
        "press Validate.",
        "Google offers no app passwords? Then your organisation or Advanced Protection forbids "
        "them: choose Email Services > Google and press Connect instead.",
    ),
    "de": (
        "Schalten Sie die Bestätigung in zwei Schritten für das Google-Konto ein, falls sie aus "
        "ist: https://myaccount.google.com/signinoptions/two-step-verification",
        "Erstellen Sie unter https://myaccount.google.com/apppasswords ein App-Passwort: einen "
        "Namen wie Outtray eingeben und auf Erstellen drücken.",
        "Kopieren Sie seine 16 Zeichen, fügen Sie sie hier als Passwort ein (Leerzeichen stören "
        "nicht) und drücken Sie auf Validate.",
        "Google bietet keine App-Passwörter an? Dann verbietet es Ihre Organisation oder das "
        "erweiterte Sicherheitsprogramm: Wählen Sie Email Services > Google und Connect.",
    ),
}
_DAY = {
    "en": (
        "Nothing is to be done for the emails in the queue: Google counts the last 24 hours, and "
        "they go out as the window moves on.",
        "Gmail allows about 500 recipients a day, Google Workspace about 2,000 messages a day: "
        "https://support.google.com/a/answer/166852",
    ),
    "de": (
        "Für die E-Mails in der Warteschlange ist nichts zu tun: Google zählt die letzten 24 "
        "Stunden, und sie gehen hinaus, sobald wieder Platz ist.",
        "Gmail erlaubt etwa 500 Empfänger am Tag, Google Workspace etwa 2.000 Nachrichten am "
        "Tag: https://support.google.com/a/answer/166852",
    ),
}
_CONSENT = {
    "en": (
        "Press Connect again, choose {address}, and leave every box ticked on Google's page.",
        "If Google says that the app is blocked or being tested, the administrator of the Google "
        "Cloud project must publish it or add {address} as a test user, under "
        "https://console.cloud.google.com/auth/audience",
        "In a Google Workspace organisation its administrator can admit the app under Security > "
        "API controls: https://admin.google.com/ac/owl",
    ),
    "de": (
        "Drücken Sie erneut auf Connect, wählen Sie {address} und lassen Sie auf der Seite von "
        "Google alle Häkchen gesetzt.",
        "Sagt Google, die App sei blockiert oder werde getestet, so muss der Verwalter des "
        "Google-Cloud-Projekts sie veröffentlichen oder {address} als Testnutzer eintragen: "
        "https://console.cloud.google.com/auth/audience",
        "In Google Workspace lässt der Administrator die App unter Sicherheit > API-Steuerung "
        "zu: https://admin.google.com/ac/owl",
    ),
}
_REVOKED = {
    "en": (
        "Press Connect again and sign in as {address}.",
        "It happens after a change of the Google password, after six months without use, and "
        "every 7 days while the Google Cloud project is in status Testing: publish it under "
        "https://console.cloud.google.com/auth/audience",
    ),
    "de": (
        "Drücken Sie erneut auf Connect und melden Sie sich als {address} an.",
        "Das geschieht nach einem Wechsel des Google-Passworts, nach sechs Monaten ohne "
        "Benutzung und alle 7 Tage, solange das Google-Cloud-Projekt im Status Test steht: "
        "veröffentlichen Sie es unter https://console.cloud.google.com/auth/audience",
    ),
}
_API = {
    "en": (
        "Open the Google Cloud project whose client id is used here and enable the Gmail API: "
        "https://console.cloud.google.com/apis/library/gmail.googleapis.com",
        "Wait a few minutes, then press Validate again.",
    ),
    "de": (
        "Öffnen Sie das Google-Cloud-Projekt, dessen Client-ID hier benutzt wird, und aktivieren "
        "Sie die Gmail API: https://console.cloud.google.com/apis/library/gmail.googleapis.com",
        "Warten Sie einige Minuten und drücken Sie dann erneut auf Validate.",
    ),
}
_DELEGATION = {
    "en": (
        "The Google Workspace administrator opens Security > API controls > Domain-wide "
        "delegation: https://admin.google.com/ac/owl/domainwidedelegation",
        "There he adds the numeric client id of the service account with the scope "
        "https://www.googleapis.com/auth/gmail.send",
        "A personal gmail.com mailbox cannot be delegated: press Connect with it instead.",
    ),
    "de": (
        "Der Administrator von Google Workspace öffnet Sicherheit > API-Steuerung > Domainweite "
        "Delegierung: https://admin.google.com/ac/owl/domainwidedelegation",
        "Dort trägt er die Client-ID (eine Zahl) des Dienstkontos ein, mit dem Bereich "
        "https://www.googleapis.com/auth/gmail.send",
        "Ein privates Postfach bei gmail.com lässt sich nicht delegieren: benutzen Sie dafür "
        "Connect.",
    ),
}

PROVIDERS = (
    Provider(
        "google",
        called=("gmail", "google"),
        hosts=("gmail.com", "googlemail.com", "google.com", "googleapis.com"),
        words="gsmtp$ | support.google.com | gmail.com",
        preset="gmail",
        signs=(
            Sign(
                Cause.SUSPICIOUS_LOGIN_BLOCKED,
                words="continuesignin | answer/78754",
                stages=_LOGIN,
                protocols=("smtp",),
            ),
            Sign(Cause.WEB_LOGIN_REQUIRED, words="webloginrequired | web login required"),
            Sign(Cause.APP_PASSWORD_REQUIRED, words="invalidsecondfactor", stages=_LOGIN),
            Sign(Cause.TOO_MANY_AUTH_FAILURES, words="too many login attempts", stages=_LOGIN),
            Sign(
                Cause.OAUTH_TOKEN_REJECTED,
                words="badcredentials | username and password not accepted | invalid credentials",
                stages=_LOGIN,
                when=lambda symptom: symptom.around.signs_in_by_token,
            ),
            Sign(
                Cause.APP_PASSWORD_REQUIRED,
                words="""badcredentials | username and password not accepted | invalid credentials
                | authenticationfailed | lookup failed""",
                stages=_LOGIN,
                protocols=("smtp", "imap", ""),
                unless="oauth | xoauth2 | bearer",
            ),
            Sign(Cause.SENDER_NOT_ALLOWED, words="mail sending denied"),
            Sign(Cause.RATE_LIMITED, words="unsolicitedratelimit | unsolicitediperror"),
            Sign(Cause.RECIPIENT_RATE_LIMITED, words="receivingrate"),
            Sign(Cause.DAILY_LIMIT, words="daily user sending | exceededmessagelimit"),
            Sign(
                Cause.SPAM_CONTENT_REJECTED,
                words="""unsolicitedmessageerror | likely unsolicited mail
                | suspicious due to the nature""",
            ),
            Sign(Cause.MALFORMED_MESSAGE, words="rfcmessagenoncompliant"),
            Sign(
                Cause.SENDER_REPUTATION_LOW,
                words="reputation of the sending domain | reputation of the domain",
            ),
            Sign(Cause.ATTACHMENT_BLOCKED, enhanced=("5.7.0",), words="blockedmessage | security"),
            Sign(Cause.RELAY_DENIED, words="mail relay denied | relay denied | relaydenied"),
        ),
        steps={
            Cause.APP_PASSWORD_REQUIRED: _APP_PASSWORD,
            Cause.WRONG_PASSWORD: _APP_PASSWORD,
            Cause.SUSPICIOUS_LOGIN_BLOCKED: _APP_PASSWORD,
            Cause.WEB_LOGIN_REQUIRED: _APP_PASSWORD,
            Cause.MFA_REQUIRED: _APP_PASSWORD,
            Cause.BASIC_AUTH_RETIRED: _APP_PASSWORD,
            Cause.DAILY_LIMIT: _DAY,
            Cause.OAUTH_CONSENT_MISSING: _CONSENT,
            Cause.OAUTH_SCOPE_INSUFFICIENT: _CONSENT,
            Cause.OAUTH_TOKEN_REVOKED: _REVOKED,
            Cause.API_NOT_ENABLED: _API,
            Cause.OAUTH_DELEGATION_MISSING: _DELEGATION,
        },
    ),
)
