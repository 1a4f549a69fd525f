"""Yandex (yandex.com/support/mail/errors) and Mail.ru (help.mail.ru)."""

from __future__ import annotations

from outtray.diagnosis.causes import Cause
from outtray.diagnosis.signs.provider import Provider
from outtray.diagnosis.signs.sign import Sign
from outtray.transports.base import Stage

_LOGIN = (Stage.LOGIN,)
_YANDEX = {
    "en": (
        "In Yandex Mail open Settings > Email clients, and allow access with IMAP and app "
        "passwords.",
        "Create an app password for Mail at https://id.yandex.com/security/app-passwords",
        "Paste it here as the password and press Validate.",
    ),
    "de": (
        "Öffnen Sie in Yandex Mail Einstellungen > E-Mail-Programme und erlauben Sie den Zugriff "
        "mit IMAP und App-Passwörtern.",
        "Erstellen Sie unter https://id.yandex.com/security/app-passwords ein App-Passwort für "
        "Mail.",
        "Fügen Sie es hier als Passwort ein und drücken Sie auf Validate.",
    ),
}
_MAIL_RU = {
    "en": (
        "Create a password for external applications in the security settings of the account: "
        "https://account.mail.ru/user/2-step-auth/passwords",
        "Paste it here as the password and press Validate.",
    ),
    "de": (
        "Erstellen Sie in den Sicherheitseinstellungen des Kontos ein Passwort für externe "
        "Anwendungen: https://account.mail.ru/user/2-step-auth/passwords",
        "Fügen Sie es hier als Passwort ein und drücken Sie auf Validate.",
    ),
}

PROVIDERS = (
    Provider(
        "yandex",
        called=("yandex",),
        hosts=("yandex.com", "yandex.ru", "yandex.net"),
        words="yandex | ya.cc",
        preset="yandex",
        signs=(
            Sign(
                Cause.PROTOCOL_DISABLED,
                words="access rights | does not have access | this user does not have",
                stages=_LOGIN,
            ),
            Sign(Cause.RECIPIENT_REJECTED, words="policy rejection on the target"),
            Sign(Cause.SPAM_CONTENT_REJECTED, words="suspicion of spam"),
        ),
        steps={
            Cause.APP_PASSWORD_REQUIRED: _YANDEX,
            Cause.PROTOCOL_DISABLED: _YANDEX,
            Cause.WRONG_PASSWORD: _YANDEX,
        },
    ),
    Provider(
        "mail_ru",
        called=("mail.ru", "mailru", "rambler", "bk.ru", "inbox.ru"),
        hosts=("mail.ru",),
        words="mail.ru | rambler.ru",
        preset="mail_ru",
        signs=(
            Sign(
                Cause.APP_PASSWORD_REQUIRED,
                words="application password | password for external | parol",
                stages=_LOGIN,
            ),
        ),
        steps={Cause.APP_PASSWORD_REQUIRED: _MAIL_RU, Cause.WRONG_PASSWORD: _MAIL_RU},
    ),
)
