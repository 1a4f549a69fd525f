"""What is known of mail providers, as the set-up page fills it in."""

from __future__ import annotations

from outtray.mailboxes.presets import PRESETS, Endpoint, PasswordRule, Preset

_PASSWORDS = {
    PasswordRule.ACCOUNT: "its own",
    PasswordRule.APP_PASSWORD: "app password",
    PasswordRule.APP_PASSWORD_IF_2FA: "app password with a second factor",
    PasswordRule.UNTIL_RETIRED: "its own, until the provider ends that",
    PasswordRule.NEVER: "none works over SMTP",
}


def page() -> str:
    rows = [_row(preset) for preset in sorted(PRESETS.values(), key=lambda each: each.name.lower())]
    return "\n".join(
        [
            "# Mail providers",
            "",
            "User Email Setup and Company Email Setup fill these in from the address. The first "
            "server of a provider is the one to prefer.",
            "",
            "| Provider | Servers | Password | Worth knowing |",
            "|---|---|---|---|",
            *rows,
        ]
    )


def _row(preset: Preset) -> str:
    servers = "<br>".join(_server(endpoint) for endpoint in preset.smtp)
    password = _PASSWORDS[preset.password_rule]
    if preset.app_password_url:
        password = f"[{password}]({preset.app_password_url})"
    return f"| {preset.name} | {servers} | {password} | {preset.note.replace('|', '/')} |"


def _server(endpoint: Endpoint) -> str:
    return f"`{endpoint.host}:{endpoint.port}` {endpoint.security.upper()}"
