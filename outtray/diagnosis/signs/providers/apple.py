"""iCloud Mail: support.apple.com/102654 (app-specific passwords) and 102322 (postmaster)."""

from __future__ import annotations

from outtray.diagnosis.causes import Cause
from outtray.diagnosis.signs.provider import Provider
from outtray.diagnosis.signs.sign import Sign
from outtray.transports.base import Stage

_APP_PASSWORD = {
    "en": (
        "Sign in at https://account.apple.com, open Sign-In and Security > App-Specific "
        "Passwords, and create one (two-factor authentication must be on).",
        "The user name is the iCloud address, {address}.",
        "Paste the app-specific password here and press Validate.",
    ),
    "de": (
        "Melden Sie sich unter https://account.apple.com an, öffnen Sie Anmeldung und Sicherheit "
        "> Anwendungsspezifische Passwörter und erstellen Sie eines (die Zwei-Faktor-"
        "Authentifizierung muss eingeschaltet sein).",
        "Der Benutzername ist die iCloud-Adresse, {address}.",
        "Fügen Sie das anwendungsspezifische Passwort hier ein und drücken Sie auf Validate.",
    ),
}

PROVIDERS = (
    Provider(
        "apple",
        called=("icloud", "apple", "me.com", "mac.com"),
        hosts=("me.com", "icloud.com", "mac.com", "apple.com"),
        words="support.apple.com | icloud.com | mac.com | me.com esmtp",
        preset="icloud",
        signs=(
            Sign(Cause.POLICY_REJECTED, words="[cs01] | [hm0 | local policy"),
            Sign(Cause.IP_BLOCKLISTED, words="not accepting connections"),
            Sign(Cause.RATE_LIMITED, words="too many errors", stages=(Stage.SENDER,)),
        ),
        steps={
            Cause.APP_PASSWORD_REQUIRED: _APP_PASSWORD,
            Cause.WRONG_PASSWORD: _APP_PASSWORD,
            Cause.MFA_REQUIRED: _APP_PASSWORD,
        },
    ),
)
