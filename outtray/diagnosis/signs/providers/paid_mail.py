"""Mailboxes that are paid for: Zoho (zoho.com/mail/help, "SMTP error codes"), Fastmail, Proton."""

from __future__ import annotations

from outtray.diagnosis.causes import Cause
from outtray.diagnosis.signs.provider import Provider
from outtray.diagnosis.signs.sign import Sign
from outtray.transports.base import Stage

_LOGIN = (Stage.LOGIN,)
_ZOHO = {
    "en": (
        "Create an application-specific password under Security > App Passwords at "
        "https://accounts.zoho.com/home#security/app_password (or .eu, .in, .com.au: where your "
        "account lives), if two-factor sign-in is on.",
        "Use the server of the same region: smtp.zoho.com, smtp.zoho.eu, smtp.zoho.in; with a "
        "domain of your own smtppro.zoho.com.",
        "Switch on IMAP or SMTP access in Zoho Mail > Settings > Mail accounts.",
        "Press Validate again.",
    ),
    "de": (
        "Erstellen Sie unter Security > App Passwords auf "
        "https://accounts.zoho.com/home#security/app_password (oder .eu, .in, .com.au: wo Ihr "
        "Konto liegt) ein App-Passwort, falls die Zwei-Faktor-Anmeldung eingeschaltet ist.",
        "Benutzen Sie den Server derselben Region: smtp.zoho.com, smtp.zoho.eu, smtp.zoho.in; mit "
        "eigener Domain smtppro.zoho.com.",
        "Schalten Sie in Zoho Mail > Einstellungen > E-Mail-Konten den Zugriff über IMAP oder "
        "SMTP ein.",
        "Drücken Sie erneut auf Validate.",
    ),
}
_FASTMAIL = {
    "en": (
        "Create an app password at https://app.fastmail.com/settings/security/devicekeys with "
        "access to SMTP.",
        "Paste it here as the password and press Validate.",
    ),
    "de": (
        "Erstellen Sie unter https://app.fastmail.com/settings/security/devicekeys ein "
        "App-Passwort mit Zugriff auf SMTP.",
        "Fügen Sie es hier als Passwort ein und drücken Sie auf Validate.",
    ),
}
_PROTON = {
    "en": (
        "Create an SMTP token for {address} at https://account.proton.me/u/0/mail/imap-smtp "
        "(a plan with an own domain is needed).",
        "Paste it here as the password and press Validate.",
    ),
    "de": (
        "Erstellen Sie für {address} unter https://account.proton.me/u/0/mail/imap-smtp ein "
        "SMTP-Token (nötig ist ein Tarif mit eigener Domain).",
        "Fügen Sie es hier als Passwort ein und drücken Sie auf Validate.",
    ),
}

PROVIDERS = (
    Provider(
        "zoho",
        called=("zoho",),
        hosts=("zoho.com", "zoho.eu", "zoho.in", "zoho.com.au", "zohocloud.ca", "zohomail.com"),
        words="zoho.com | zoho.eu | zoho.in | mx.zoho",
        preset="zoho_com",
        signs=(
            Sign(Cause.SENDER_NOT_ALLOWED, words="relaying disallowed"),
            Sign(
                Cause.ACCOUNT_SUSPENDED_SPAM,
                words="unusual sending activity | outgoing blocked | unusual activity",
                stages=(Stage.SENDER, Stage.CONTENT, Stage.ANSWER, Stage.RECIPIENT),
            ),
        ),
        steps={
            Cause.APP_PASSWORD_REQUIRED: _ZOHO,
            Cause.WRONG_PASSWORD: _ZOHO,
            Cause.PROTOCOL_DISABLED: _ZOHO,
        },
    ),
    Provider(
        "fastmail",
        called=("fastmail", "messagingengine"),
        hosts=("fastmail.com", "messagingengine.com"),
        words="fastmail | messagingengine",
        preset="fastmail",
        steps={Cause.APP_PASSWORD_REQUIRED: _FASTMAIL, Cause.WRONG_PASSWORD: _FASTMAIL},
    ),
    Provider(
        "proton",
        called=("proton",),
        hosts=("protonmail.ch", "proton.me"),
        words="protonmail",
        preset="proton_smtp",
        steps={Cause.APP_PASSWORD_REQUIRED: _PROTON, Cause.WRONG_PASSWORD: _PROTON},
    ),
)
