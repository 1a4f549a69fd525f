"""How to make the password that a provider takes from programs, step by step."""

from __future__ import annotations

from collections.abc import Mapping

from outtray.mailboxes.presets import Preset

_GOOGLE = (
    "Turn on 2-Step Verification, if it is off: https://myaccount.google.com/signinoptions/twosv",
    "Open App passwords: https://myaccount.google.com/apppasswords",
    "Type Outtray as the name and press Create.",
    "Copy the 16 letters and paste them here as the password. The blanks between them go by "
    "themselves.",
)
_STEPS: Mapping[str, tuple[str, ...]] = {
    "gmail": _GOOGLE,
    "google_workspace": _GOOGLE,
    "yahoo": (
        "Open Account security: https://login.yahoo.com/account/security",
        "Press Generate app password and type Outtray as the name of the app.",
        "Copy the 16 letters and paste them here as the password.",
    ),
    "aol": (
        "Open Account security: https://login.aol.com/account/security",
        "Press Generate app password and type Outtray as the name of the app.",
        "Copy the 16 letters and paste them here as the password.",
    ),
    "icloud": (
        "Open your Apple Account: https://account.apple.com/account/manage",
        "Under Sign-In and Security open App-Specific Passwords. Two-factor authentication must "
        "be on.",
        "Make one named Outtray, copy it and paste it here as the password, with its hyphens.",
    ),
    "fastmail": (
        "Open App passwords: https://app.fastmail.com/settings/security/devicekeys",
        "Press New app password, name it Outtray, and let it have access to Mail (SMTP).",
        "Copy the 16 signs and paste them here as the password.",
    ),
}


def password_steps(preset: Preset) -> tuple[str, ...]:
    """The steps at this provider; where none are known, those that its page begins."""
    if not preset.needs_app_password:
        return ()
    if preset.id in _STEPS:
        return _STEPS[preset.id]
    if not preset.app_password_url:
        return ()
    return (
        f"Open the page of {preset.name} for such passwords: {preset.app_password_url}",
        "Make one for this program and name it Outtray.",
        "Copy it and paste it here as the password.",
    )
