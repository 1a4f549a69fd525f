"""Sources about Microsoft: does its cloud know the domain, and does the domain run an Exchange?"""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from outtray.mail.address import Address
from outtray.transports.detection.values import Heard, Nothing, Reach, nothing_from
from outtray.transports.egress import NoWay
from outtray.transports.web import NoAnswer

SIGN_IN = "login.microsoftonline.com"
ONLINE = frozenset({"outlook.office365.com", "outlook.office.com", "outlook.com"})
_AT_MOST = 32 * 1024
# By the `cloud_instance_name` of the discovery document, as MSAL names the clouds.
_CLOUDS = {
    "microsoftonline.com": "global",
    "microsoftonline.us": "usgov",
    "partner.microsoftonline.cn": "china",
}
_SERVICES = "EWS/Exchange.asmx"


def tenant(address: Address, reach: Reach) -> Heard | Nothing:
    """Whether Microsoft's cloud knows the domain. It hears the domain and nothing else.

    The discovery document of OpenID Connect is published for each domain of a tenant:
    https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc
    """
    url = reach.url(SIGN_IN, f"{address.domain}/v2.0/.well-known/openid-configuration")
    answer = reach.web.ask("GET", url, seconds=reach.seconds, at_most=_AT_MOST)
    if isinstance(answer, NoAnswer):
        return nothing_from(answer)
    told = answer.json()
    if not answer.is_good or not isinstance(told, dict) or "issuer" not in told:
        return Nothing(f"Microsoft does not know {address.domain}")
    cloud = _CLOUDS.get(str(told.get("cloud_instance_name")), "global")
    return Heard(f"Microsoft knows {address.domain} as an organisation", cloud=cloud)


def exchange(address: Address, reach: Reach) -> Heard | Nothing:
    """Whether the domain runs an Exchange server, and where its web services are.

    Exchange 2016 and later tell it without a sign-in (Autodiscover version 2); others show
    themselves by asking for Windows' own.
    """
    host = f"autodiscover.{address.domain}"
    query = f"autodiscover/autodiscover.json/v1.0/{quote(str(address))}?Protocol=EWS"
    answer = reach.web.ask("GET", reach.url(host, query), seconds=reach.seconds, at_most=_AT_MOST)
    if isinstance(answer, NoAnswer):
        return nothing_from(answer)
    told = answer.json() if answer.is_good else None
    if isinstance(told, dict) and isinstance(told.get("Url"), str):
        return _at(told["Url"], reach)
    if answer.status == 401 and _asks_as_windows_does(answer.headers.get("www-authenticate", "")):
        return Heard(f"{host} is an Exchange server", exchange=f"https://{host}/{_SERVICES}")
    return Nothing(f"{host} is no Exchange server")


def _at(url: str, reach: Reach) -> Heard | Nothing:
    try:
        place = urlsplit(url)
    except ValueError:
        place = urlsplit("")
    if place.scheme != "https" or not place.hostname or len(url) > 500:
        return Nothing("an Exchange names an address that cannot be used", is_trouble=True)
    if place.hostname in ONLINE:
        return Heard("its Exchange is Microsoft's own, Exchange Online", cloud="global")
    found = reach.resolve(place.hostname, reach.https_port, rules=reach.web.rules)
    if isinstance(found, NoWay):
        return Nothing(f"its Exchange cannot be used: {found.text}")
    return Heard(f"its Exchange answers at {place.hostname}", exchange=url)


def _asks_as_windows_does(challenge: str) -> bool:
    return any(word in challenge.lower() for word in ("ntlm", "negotiate"))
