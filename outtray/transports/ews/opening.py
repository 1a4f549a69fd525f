"""The steps from settings to an open mailbox. Sending and Validate take the same."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from outtray.lib.errors import Refused
from outtray.transports import egress
from outtray.transports.base import Failure, Route, Source, Stage, Trouble
from outtray.transports.ews import settings as ews_settings
from outtray.transports.ews.door import Door
from outtray.transports.ews.failures import Denied, Name, failure_from_nothing, own_failure
from outtray.transports.ews.hints import certificate_facts, domain_facts, uri_facts
from outtray.transports.ews.methods import Method, ask_methods, choose
from outtray.transports.ews.patience import Patience
from outtray.transports.ews.settings import Form, Login, Settings, is_exchange_online

if TYPE_CHECKING:
    from outtray.transports.ews.client import Client


@dataclass(frozen=True, slots=True)
class Passed:
    """A step went well."""

    detail: str
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stopped:
    """A step did not, and what was seen beside it."""

    failure: Failure
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Opening:
    """How far the way to a session has come. `tries`: how many forms of the user name."""

    route: Route
    settings: Settings
    door: Door
    tries: int = 1
    _client: Client | None = None

    @property
    def client(self) -> Client:
        """The mailbox, from the step LOGIN on."""
        assert self._client is not None, "this step needs a login"
        return self._client

    @client.setter
    def client(self, client: Client) -> None:
        self._client = client

    def leave(self) -> None:
        """Hang up."""
        self.door.close()


Step = Callable[[Opening], Passed | Stopped]


def begin(route: Route, patience: Patience, *, tries: int = 1) -> Opening | Stopped:
    """Read the route's settings (the stage SETTINGS)."""
    try:
        settings = ews_settings.read(route.settings)
    except Refused as refused:
        name = Name.DOMAIN_FORM if refused.code == "ews_domain_form" else ""
        return Stopped(_wrong_setting(refused.detail, name))
    if is_exchange_online(settings.host):
        return Stopped(_wrong_setting(_RETIRED.format(host=settings.host), Name.RETIRED))
    if importlib.util.find_spec("exchangelib") is None:
        return Stopped(_wrong_setting(_NO_CLIENT, Name.CLIENT_MISSING))
    return Opening(route, settings, Door(route, settings, patience), tries)


# techcommunity.microsoft.com, "Exchange Online EWS, Your Time is Almost Up"
_RETIRED = (
    "{host} is Exchange Online, where Microsoft turns EWS off from 1 October 2026 on and ends it "
    "on 1 April 2027: choose Email Services, Microsoft"
)
_NO_CLIENT = "Exchange needs a library that is not installed here: install outtray[exchange]"


def _wrong_setting(text: str, identifier: str) -> Failure:
    return own_failure(
        Trouble.SETTINGS,
        text,
        stage=Stage.SETTINGS,
        source=Source.LOCAL,
        identifier=identifier,
    )


def _look_up(opening: Opening) -> Passed | Stopped:
    found = opening.door.look_up()
    if isinstance(found, egress.NoWay):
        return Stopped(failure_from_nothing(found, stage=Stage.DNS))
    addresses = ", ".join(str(endpoint.ip) for endpoint in found)
    return Passed(f"{opening.settings.host} is {addresses}", {"addresses": addresses})


def _connect(opening: Opening) -> Passed | Stopped:
    no_way = opening.door.connect()
    if no_way:
        return Stopped(failure_from_nothing(no_way, stage=Stage.CONNECT))
    return Passed(f"connected to port {opening.settings.port}")


def _secure(opening: Opening) -> Passed | Stopped:
    nothing = opening.door.secure()
    if nothing:
        failure = failure_from_nothing(nothing, stage=Stage.TLS)
        facts = certificate_facts(opening.door, failure)
        return Stopped(_of_exchange_online(failure, facts, opening.settings.host), facts)
    door, host = opening.door, opening.settings.host
    told = f"{door.tls}, certificate of {host}, valid until {door.valid_until}"
    return Passed(told, {"tls": door.tls, "certificate_until": door.valid_until})


def _of_exchange_online(failure: Failure, facts: Mapping[str, str], host: str) -> Failure:
    """A name of one's own that leads to Exchange Online shows that one's certificate."""
    names = facts.get("certificate_names", "").replace("*.", "").split(", ")
    if failure.trouble is not Trouble.CERTIFICATE_OTHER_NAME or not any(
        is_exchange_online(name) for name in names
    ):
        return failure
    return replace(failure, text=_RETIRED.format(host=host), identifier=Name.RETIRED)


def _log_in(opening: Opening) -> Passed | Stopped:
    """The first form of the user name; Validate goes on to the second if that is refused."""
    offered = ask_methods(opening.door)
    if isinstance(offered, Failure):
        return Stopped(offered, uri_facts(opening.door, offered))
    logins = opening.settings.logins()[: opening.tries] or (Login(Form.TYPED, ""),)
    method = choose(offered, logins[0].name, opening.route.secret)
    if isinstance(method, Failure):
        return Stopped(method, {"offers": " ".join(offered)})
    return _tried(opening, method, logins)


def _tried(opening: Opening, method: Method, logins: Sequence[Login]) -> Passed | Stopped:
    from outtray.transports.ews.client import Client

    refused: list[str] = []
    for login in logins:
        client = Client(
            opening.door, opening.route.sender, method, login.name, opening.route.secret
        )
        try:
            server = client.sign_in()
        except Denied as denied:
            failure = denied.failure
            if failure.identifier != Name.LOGIN:
                return Stopped(failure)
            refused.append(login.name)
            continue
        opening.client = client
        return _signed_in(login, method, server, refused)
    return Stopped(_refused(failure, refused), domain_facts(opening.door))


def _signed_in(login: Login, method: Method, server: str, refused: Sequence[str]) -> Passed:
    """With the form that works, where it is not the one that would be taken by itself."""
    whom = f"as {login.name}" if login.name else "with this machine's ticket"
    facts = {"server": server, "login": login.name, "method": str(method)}
    if refused:
        facts["login_form"] = str(login.form)
    return Passed(f"logged in {whom} by {method}; {server}", facts)


def _refused(failure: Failure, names: Sequence[str]) -> Failure:
    """One failure for all forms, with each just as it was tried."""
    if len(names) < 2:
        return failure
    return replace(failure, text=f"the server refused the login as {' and as '.join(names)}")


def _open_mailbox(opening: Opening) -> Passed | Stopped:
    try:
        opening.client.open_mailbox()
    except Denied as denied:
        return Stopped(denied.failure)
    return Passed(f"the mailbox {opening.route.sender} is open")


STEPS: tuple[tuple[Stage, Step], ...] = (
    (Stage.DNS, _look_up),
    (Stage.CONNECT, _connect),
    (Stage.TLS, _secure),
    (Stage.LOGIN, _log_in),
    (Stage.MAILBOX, _open_mailbox),
)
