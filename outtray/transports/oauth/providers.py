"""Where Google and Microsoft sign people in, and what each transport must be allowed.

Sources: developers.google.com/identity/protocols/oauth2/web-server and /service-account,
developers.google.com/workspace/gmail/imap/xoauth2-protocol;
learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow and
/authentication-national-cloud, learn.microsoft.com/exchange/client-developer/legacy-protocols/
how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from outtray.transports.base import Resource

GOOGLE = "google"
MICROSOFT = "microsoft"
LABELS: Mapping[str, str] = {GOOGLE: "Google", MICROSOFT: "Microsoft"}

RESOURCES: Mapping[str, Resource] = {
    "smtp": Resource.SMTP,
    "gmail": Resource.GMAIL,
    "graph": Resource.GRAPH,
}

# Who signed in; not what he allows.
_IDENTITY = ("openid", "email")
_MICROSOFT_IDENTITY = (*_IDENTITY, "profile", "offline_access")


@dataclass(frozen=True, slots=True)
class Cloud:
    """One of Microsoft's clouds, each with its own sign-in; tokens never cross from one to
    another. `smtp` and `imap` are its mail servers, `outlook` is whom their scopes name."""

    label: str
    sign_in: str
    graph: str
    outlook: str
    smtp: tuple[str, ...]
    imap: tuple[str, ...]


CLOUDS: Mapping[str, Cloud] = {
    "global": Cloud(
        "Global, and GCC",
        "login.microsoftonline.com",
        "graph.microsoft.com",
        "outlook.office.com",
        ("smtp.office365.com", "smtp-mail.outlook.com"),
        ("outlook.office365.com", "imap-mail.outlook.com"),
    ),
    "usgov": Cloud(
        "US Government (GCC High)",
        "login.microsoftonline.us",
        "graph.microsoft.us",
        "outlook.office365.us",
        ("smtp.office365.us", "outlook.office365.us"),
        ("outlook.office365.us",),
    ),
    "dod": Cloud(
        "US Department of Defense",
        "login.microsoftonline.us",
        "dod-graph.microsoft.us",
        "webmail.apps.mil",
        ("outlook-dod.office365.us",),
        ("outlook-dod.office365.us",),
    ),
    "china": Cloud(
        "China (21Vianet)",
        "login.partner.microsoftonline.cn",
        "microsoftgraph.chinacloudapi.cn",
        "partner.outlook.cn",
        ("smtp.partner.outlook.cn", "partner.outlook.cn"),
        ("partner.outlook.cn",),
    ),
    "bleu": Cloud(
        "Bleu (France)",
        "login.sovcloud-identity.fr",
        "graph.svc.sovcloud.fr",
        "outlook.sovcloud.fr",
        ("outlook.sovcloud.fr",),
        ("outlook.sovcloud.fr",),
    ),
    "delos": Cloud(
        "Delos (Germany)",
        "login.sovcloud-identity.de",
        "graph.svc.sovcloud.de",
        "outlook.sovcloud.de",
        ("outlook.sovcloud.de",),
        ("outlook.sovcloud.de",),
    ),
    "govsg": Cloud(
        "GovSG (Singapore)",
        "login.sovcloud-identity.sg",
        "graph.svc.sovcloud.sg",
        "outlook.sovcloud.sg",
        ("outlook.sovcloud.sg",),
        ("outlook.sovcloud.sg",),
    ),
}

_GOOGLE_SMTP = ("smtp.gmail.com", "smtp.googlemail.com")
_GOOGLE_IMAP = ("imap.gmail.com", "imap.googlemail.com")


@dataclass(frozen=True, slots=True)
class Provider:
    """One provider, in one cloud, for one tenant.

    `issuer` is who must have made its id tokens; "{tenantid}" in it stands for the tenant that
    the token itself names. `asked` is added where a person is sent. `revoke_url` is empty where
    a consent can be taken back on the provider's pages only.
    """

    name: str
    authorize_url: str
    token_url: str
    issuer: str
    asked: Mapping[str, str]
    scopes: Mapping[Resource, tuple[str, ...]]
    app_scopes: Mapping[Resource, tuple[str, ...]]
    identity_scopes: tuple[str, ...]
    revoke_url: str = ""
    smtp: tuple[str, ...] = ()
    imap: tuple[str, ...] = ()
    shared_scopes: tuple[str, ...] = field(default=())

    @property
    def label(self) -> str:
        return LABELS[self.name]

    def scopes_for(self, resource: Resource, *, is_shared: bool = False) -> tuple[str, ...]:
        """What a person is asked for. `is_shared`: so that he can send from a shared mailbox."""
        more = self.shared_scopes if is_shared and resource is Resource.GRAPH else ()
        return (*self.scopes[resource], *more)


def provider_for(
    name: str, *, cloud: str = "global", tenant: str = "common", stand_in: str = ""
) -> Provider:
    """The provider of that name; `stand_in` is the address of a server that plays its part."""
    if name == GOOGLE:
        return _google(stand_in)
    return _microsoft(CLOUDS[cloud or "global"], tenant or "common", stand_in)


def graph_url(cloud: str) -> str:
    """Where Microsoft Graph answers in that cloud."""
    return f"https://{CLOUDS[cloud or 'global'].graph}"


def missing(wanted: Iterable[str], granted: Iterable[str]) -> tuple[str, ...]:
    """Those of the wanted scopes that were not granted: people may untick some.

    Microsoft names the scopes of Graph with or without its address before them.
    """
    have = {_short(scope) for scope in granted}
    return tuple(scope for scope in wanted if _short(scope) not in have)


def _short(scope: str) -> str:
    return scope.rstrip("/").rpartition("/")[2].lower()


def _google(stand_in: str) -> Provider:
    mail = ("https://mail.google.com/",)
    send = ("https://www.googleapis.com/auth/gmail.send",)
    return Provider(
        name=GOOGLE,
        authorize_url=f"{stand_in or 'https://accounts.google.com'}/o/oauth2/v2/auth",
        token_url=f"{stand_in or 'https://oauth2.googleapis.com'}/token",
        revoke_url=f"{stand_in or 'https://oauth2.googleapis.com'}/revoke",
        issuer=stand_in or "https://accounts.google.com",
        # Without both there is no refresh token, at the latest at the second consent.
        asked={"access_type": "offline", "prompt": "consent select_account"},
        scopes={Resource.GMAIL: send, Resource.SMTP: mail},
        app_scopes={Resource.GMAIL: send, Resource.SMTP: mail},
        identity_scopes=_IDENTITY,
        smtp=_GOOGLE_SMTP,
        imap=_GOOGLE_IMAP,
    )


def _microsoft(cloud: Cloud, tenant: str, stand_in: str) -> Provider:
    base = stand_in or f"https://{cloud.sign_in}"
    graph, outlook = f"https://{cloud.graph}", f"https://{cloud.outlook}"
    # Applications by themselves name Exchange by its older name, in the global cloud alone.
    exchange = outlook.replace("outlook.office.com", "outlook.office365.com")
    return Provider(
        name=MICROSOFT,
        authorize_url=f"{base}/{tenant}/oauth2/v2.0/authorize",
        token_url=f"{base}/{tenant}/oauth2/v2.0/token",
        issuer=f"{base}/{{tenantid}}/v2.0",
        asked={"prompt": "select_account"},
        scopes={
            # Mail.ReadWrite: large messages are laid down as drafts, and found in Sent Items.
            Resource.GRAPH: (f"{graph}/Mail.Send", f"{graph}/Mail.ReadWrite"),
            Resource.SMTP: (f"{outlook}/SMTP.Send", f"{outlook}/IMAP.AccessAsUser.All"),
        },
        app_scopes={
            Resource.GRAPH: (f"{graph}/.default",),
            Resource.SMTP: (f"{exchange}/.default",),
        },
        identity_scopes=_MICROSOFT_IDENTITY,
        shared_scopes=(f"{graph}/Mail.Send.Shared", f"{graph}/Mail.ReadWrite.Shared"),
        smtp=cloud.smtp,
        imap=cloud.imap,
    )
