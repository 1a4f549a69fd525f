"""What a person tells us about an Exchange server, and what we make of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import SplitResult, urlsplit

import idna

from outtray.lib.errors import Refused
from outtray.mail.address import has_control_character
from outtray.transports.base import Field, FieldKind

PATH = "/EWS/Exchange.asmx"


class Form(StrEnum):
    """How a user name is written."""

    TYPED = ""
    UPN = "upn"
    DOMAIN = "domain"


@dataclass(frozen=True, slots=True)
class Login:
    """A user name just as the server gets it."""

    form: Form
    name: str


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one route, clean."""

    uri: str
    domain: str
    username: str
    login_form: Form = Form.TYPED

    @property
    def host(self) -> str:
        return str(urlsplit(self.uri).hostname)

    @property
    def port(self) -> int:
        return urlsplit(self.uri).port or 443

    def to_json(self) -> dict[str, str | int]:
        """As they are kept."""
        kept: dict[str, str | int] = {
            "uri": self.uri,
            "domain": self.domain,
            "username": self.username,
        }
        if self.login_form:
            kept["login_form"] = str(self.login_form)
        return kept

    def logins(self) -> tuple[Login, ...]:
        """The forms of the user name that may be tried, the likely one first: two at most.

        What was typed with its domain is used as it is.
        """
        name, _, upn_domain = self.username.partition("@")
        if not self.username:
            return ()
        if "\\" in self.username or not self.domain:
            return (Login(Form.TYPED, self.username),)
        upn = Login(Form.UPN, f"{name}@{upn_domain or self.domain}")
        qualified = Login(Form.DOMAIN, f"{self.domain}\\{name}")
        known = [login for login in (upn, qualified) if login.form == self.login_form]
        return tuple(known) or (upn, qualified)


FIELDS = (
    Field(
        name="uri",
        label="Exchange Uri",
        kind=FieldKind.URI,
        help="The address of your Exchange server, for example "
        f"https://mail.company.com{PATH}. Its name alone is enough.",
    ),
    Field(
        name="domain",
        label="Domain",
        kind=FieldKind.TEXT,
        help="In the form company.com. Leave it empty if your user name holds it already.",
        is_required=False,
    ),
    Field(
        name="username",
        label="User name",
        kind=FieldKind.TEXT,
        help="As you sign in to Windows or Outlook. Empty only where this machine signs in with "
        "a Kerberos ticket.",
        is_required=False,
    ),
    Field(name="password", label="Password", kind=FieldKind.SECRET, is_required=False),
    Field(
        name="login_form",
        label="User name sent as",
        kind=FieldKind.CHOICE,
        choices=(
            (Form.TYPED, "As Validate finds it"),
            (Form.UPN, "name@company.com"),
            (Form.DOMAIN, "company.com\\name"),
        ),
        help="Validate tries one after the other; later only the one that worked is used.",
        is_required=False,
    ),
)

# Where Microsoft's own service has answered EWS, in all of its clouds.
_EXCHANGE_ONLINE = (
    "office365.com",
    "office.com",
    "outlook.com",
    "office365.us",
    "apps.mil",
    "partner.outlook.cn",
    "outlook.de",
)
_LABEL = r"(?!-)[a-z0-9_-]{1,63}(?<!-)"
_NAME = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_DOMAIN = re.compile(rf"{_LABEL}(?:\.{_LABEL})+")
_MAX_USERNAME = 320
_MAX_PATH = 500


def is_exchange_online(host: str) -> bool:
    """Whether that name is one of Microsoft's own service."""
    return any(host == name or host.endswith(f".{name}") for name in _EXCHANGE_ONLINE)


def read(settings: Mapping[str, object]) -> Settings:
    """The settings, clean. Raises Refused with the field that is wrong."""
    return Settings(
        uri=_uri(_text(settings, "uri")),
        domain=_domain(_text(settings, "domain")),
        username=_username(_text(settings, "username")),
        login_form=_form(_text(settings, "login_form")),
    )


def _text(settings: Mapping[str, object], name: str) -> str:
    value = settings.get(name)
    return "" if value is None else str(value).strip()


def _uri(text: str) -> str:
    """With the usual path where only a server was named."""
    if not text:
        raise Refused("uri_required", "Enter the Exchange Uri.", field="uri")
    place = _place(text if "://" in text else f"https://{text}")
    if place is None:
        raise _wrong_uri()
    if place.scheme != "https":
        raise Refused("encryption_required", "The Exchange Uri begins with https://.", field="uri")
    host = _ascii(str(place.hostname))
    path = place.path if place.path.strip("/") else PATH
    if not _NAME.fullmatch(host) or place.username or place.password or len(path) > _MAX_PATH:
        raise _wrong_uri()
    port = "" if place.port in (None, 443) else f":{place.port}"
    return f"https://{host}{port}{path}"


def _place(text: str) -> SplitResult | None:
    try:
        place = urlsplit(text)
        is_whole = bool(place.hostname) and place.port != 0
    except ValueError:
        return None
    is_clean = not has_control_character(text) and not re.search(r"\s", text)
    return place if is_whole and is_clean else None


def _wrong_uri() -> Refused:
    return Refused(
        "uri_invalid",
        f"This is not the address of a server. Enter it like https://mail.company.com{PATH}.",
        field="uri",
    )


def _domain(text: str) -> str:
    name = _ascii(text)
    if name and not _DOMAIN.fullmatch(name):
        raise Refused(
            "ews_domain_form",
            "Enter the domain in the form company.com: without quotes, https:// and @, and with "
            "its ending.",
            field="domain",
        )
    return name


def _ascii(name: str) -> str:
    name = name.rstrip(".").lower()
    try:
        return idna.encode(name, uts46=True).decode() if name else ""
    except idna.IDNAError:
        return name


def _username(text: str) -> str:
    if has_control_character(text) or len(text) > _MAX_USERNAME or text.count("\\") > 1:
        raise Refused(
            "username_invalid",
            f"The user name has at most {_MAX_USERNAME} signs, no line breaks, and one backslash "
            "at most.",
            field="username",
        )
    return text


def _form(text: str) -> Form:
    try:
        return Form(text)
    except ValueError as unknown:
        forms = ", ".join(form for form in Form if form)
        raise Refused(
            "login_form_invalid", f"The form is one of: {forms}, or empty.", field="login_form"
        ) from unknown
