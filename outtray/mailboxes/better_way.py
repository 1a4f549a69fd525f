"""What Microsoft and Google have ended or are ending, and the way that works instead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from outtray.mailboxes.models import ServiceType, SignIn


@dataclass(frozen=True, slots=True)
class BetterWay:
    """Why what was typed does not last, and by which service and sign-in it goes on.

    `is_over` where it works for nobody any more.
    """

    headline: str
    sentence: str
    service_type: ServiceType
    sign_in: SignIn
    is_over: bool = False


# learn.microsoft.com, "Deprecation of Exchange Web Services in Exchange Online": switched off
# tenant by tenant since 1 October 2026 (kept where an administrator listed his applications
# until 31 August), and for everyone on 1 April 2027.
_EXCHANGE_ONLINE = BetterWay(
    "This is Exchange Online, which is leaving this way",
    "Microsoft has been switching Exchange Web Services off since 1 October 2026, one "
    "organisation after the other, and ends them for everyone on 1 April 2027. Sign in at "
    "Microsoft under Email Services instead: the mailbox stays the same, no password is needed.",
    ServiceType.EMAIL_SERVICES,
    SignIn.MICROSOFT,
    is_over=True,
)
# techcommunity.microsoft.com, "Exchange Online to retire Basic auth for Client Submission",
# as of 27 January 2026.
_PASSWORD_AT_MICROSOFT_365 = BetterWay(
    "Microsoft 365 is ending passwords for sending",
    "From the end of December 2026 they are off unless an administrator switches them on again. "
    "Sign in at Microsoft under Email Services instead, which lasts.",
    ServiceType.EMAIL_SERVICES,
    SignIn.MICROSOFT,
)
# support.microsoft.com, "Modern authentication methods now needed to continue syncing
# Outlook email": since 16 September 2024, app passwords included.
_PASSWORD_AT_OUTLOOK = BetterWay(
    "Outlook.com takes no password any more",
    "Since 16 September 2024 no program sends there with a password, an app password included. "
    "Sign in at Microsoft under Email Services instead.",
    ServiceType.EMAIL_SERVICES,
    SignIn.MICROSOFT,
    is_over=True,
)

_EXCHANGE_ONLINE_HOSTS = (
    "outlook.office365.com",
    "outlook.office.com",
    "outlook.com",
    "outlook.office365.us",
    "partner.outlook.cn",
)
_BETTER: Mapping[str, Mapping[str, BetterWay]] = {
    ServiceType.EXCHANGE: dict.fromkeys(_EXCHANGE_ONLINE_HOSTS, _EXCHANGE_ONLINE),
    ServiceType.WEB_MAIL: {
        "office365.com": _PASSWORD_AT_MICROSOFT_365,
        "outlook.com": _PASSWORD_AT_OUTLOOK,
        "hotmail.com": _PASSWORD_AT_OUTLOOK,
        "live.com": _PASSWORD_AT_OUTLOOK,
    },
}


def better_way(service_type: str, settings: Mapping[str, object]) -> BetterWay | None:
    """The way that lasts, where the server that was typed is one of a service that ends."""
    table = _BETTER.get(service_type, {})
    host = _host(settings)
    return next((way for name, way in table.items() if f".{host}".endswith(f".{name}")), None)


def _host(settings: Mapping[str, object]) -> str:
    typed = str(settings.get("host") or settings.get("uri") or "").strip().lower()
    address = typed if "//" in typed else f"//{typed}"
    try:
        return (urlsplit(address).hostname or "").rstrip(".")
    except ValueError:
        return ""
