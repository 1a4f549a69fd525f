"""Validate at an Exchange server: every wrong set-up by its own name."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from outtray.mail.envelope import Envelope
from outtray.transports.base import Finding, Scope, Source, Stage, Trouble
from outtray.transports.ews.patience import Patience
from outtray.transports.ews.transport import EwsTransport
from tests.servers.authority import Authority
from tests.servers.ews import PATH, EwsServer
from tests.servers.ews_deeds import Behaviour, Busy, Fault, Garbles, Loses, Page, Says, Stalls
from tests.servers.processes import free_ports
from tests.transports.exchange import probed, refused, route_to

OWA = Page(200, '<html><head><title>Outlook</title></head><form action="/owa/auth.owa">')
WSDL = Page(200, '<wsdl:definitions xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/"/>')


def last_of(findings: list[Finding]) -> Finding:
    assert [finding.ok for finding in findings[:-1]] == [True] * (len(findings) - 1)
    return findings[-1]


def test_a_mailbox_that_works_passes_every_stage(
    ews_server: EwsServer, authority: Authority, envelope: Envelope
) -> None:
    findings = probed(route_to(ews_server, ca_file=authority.ca_file), envelope)

    assert tuple(finding.stage for finding in findings) == EwsTransport.stages
    assert all(finding.ok for finding in findings)
    facts = {name: fact for finding in findings for name, fact in finding.facts.items()}
    assert facts["server"] == "Exchange Server 2019 (build 15.2.1748.10)"
    assert facts["method"] == "NTLM"
    assert "login_form" not in facts
    assert ews_server.mailbox.sent[0].everybody == ["info@customer.example"]


@pytest.mark.parametrize(
    ("path", "page"),
    [
        ("/owa/", OWA),
        ("/owa/", Page(302, "", {"Location": "https://localhost/owa/auth/logon.aspx"})),
        ("/owa/", Page(440, "Login Timeout")),
        ("/EWS/Services.wsdl", WSDL),
        ("/ews", None),
        ("/EWS/exchange.asmx/", None),
        ("/", Page(405, "Method not allowed")),
    ],
)
def test_a_wrong_address_is_told_with_the_right_one(
    ews_server: EwsServer,
    authority: Authority,
    envelope: Envelope,
    path: str,
    page: Page | None,
) -> None:
    if page:
        ews_server.pages[path] = page
    uri = ews_server.uri(path) + ("?" if path == "/" else "")
    route = route_to(ews_server, ca_file=authority.ca_file, uri=uri)

    finding = last_of(probed(route, envelope))

    if path == "/":
        assert finding.ok
        return
    assert finding.failure is not None
    assert (finding.stage, finding.failure.identifier) == (Stage.LOGIN, "EwsWrongUrl")
    assert (finding.failure.scope, finding.failure.is_temporary) == (Scope.MAILBOX, False)
    assert finding.facts["uri"] == ews_server.uri()
    assert ews_server.logins == []


def test_a_web_server_without_exchange_has_no_right_address(
    ews_server: EwsServer, authority: Authority, envelope: Envelope
) -> None:
    ews_server.pages["*"] = Page(200, "<title>Welcome to nginx!</title>")

    finding = last_of(probed(route_to(ews_server, ca_file=authority.ca_file), envelope))

    assert finding.failure is not None
    assert finding.failure.identifier == "EwsWrongUrl"
    assert "Welcome to nginx!" in finding.detail
    assert finding.facts == {}


def test_ews_that_is_closed_is_told_apart_from_a_wrong_password(
    ews_server: EwsServer, authority: Authority, envelope: Envelope
) -> None:
    ews_server.always("ConvertId", Page(403, "Forbidden"))

    finding = last_of(probed(route_to(ews_server, ca_file=authority.ca_file), envelope))

    assert finding.failure is not None
    assert (finding.failure.identifier, finding.failure.code) == ("EwsDisabled", 403)
    assert ews_server.refused == []


@pytest.mark.parametrize("versions", [("Exchange2010_SP2",), ("Exchange2013", "Exchange2007_SP1")])
def test_an_older_server_is_spoken_to_in_its_own_version(
    ews_server: EwsServer, authority: Authority, envelope: Envelope, versions: tuple[str, ...]
) -> None:
    ews_server.versions = versions

    findings = probed(route_to(ews_server, ca_file=authority.ca_file), envelope)

    assert all(finding.ok for finding in findings), findings
    assert len(ews_server.logins) == 1


@pytest.mark.parametrize(
    ("behaviour", "identifier"),
    [
        (Fault("ErrorInvalidServerVersion"), "ErrorInvalidServerVersion"),
        (Fault("ErrorIncorrectSchemaVersion"), "ErrorInvalidServerVersion"),
        (
            Says("ErrorInvalidSchemaVersionForMailboxVersion"),
            "ErrorInvalidSchemaVersionForMailboxVersion",
        ),
    ],
)
def test_a_server_that_speaks_no_version_of_ours_is_told(
    ews_server: EwsServer,
    authority: Authority,
    envelope: Envelope,
    behaviour: Behaviour,
    identifier: str,
) -> None:
    ews_server.always("ConvertId", behaviour)
    ews_server.always("GetFolder", behaviour)

    finding = last_of(probed(route_to(ews_server, ca_file=authority.ca_file), envelope))

    assert finding.failure is not None
    assert finding.failure.identifier == identifier
    assert not finding.failure.is_temporary


@pytest.mark.parametrize(
    ("operation", "behaviour", "stage", "identifier", "is_temporary"),
    [
        ("GetFolder", Says("ErrorAccessDenied"), Stage.MAILBOX, "ErrorAccessDenied", False),
        (
            "GetFolder",
            Says("ErrorNonExistentMailbox"),
            Stage.MAILBOX,
            "ErrorNonExistentMailbox",
            False,
        ),
        (
            "GetFolder",
            Fault("ErrorImpersonateUserDenied"),
            Stage.MAILBOX,
            "ErrorImpersonateUserDenied",
            False,
        ),
        ("ConvertId", Busy(10_000), Stage.LOGIN, "ErrorServerBusy", True),
        ("SendItem", Says("ErrorSendAsDenied"), Stage.SEND, "ErrorSendAsDenied", False),
        (
            "CreateItem",
            Says("ErrorMessageSizeExceeded"),
            Stage.CONTENT,
            "ErrorMessageSizeExceeded",
            False,
        ),
        ("GetFolder", Page(503, "Service Unavailable"), Stage.MAILBOX, "", True),
        ("ConvertId", Garbles(), Stage.LOGIN, "EwsWrongUrl", False),
    ],
)
def test_what_exchange_says_keeps_its_name(
    ews_server: EwsServer,
    authority: Authority,
    envelope: Envelope,
    operation: str,
    behaviour: Behaviour,
    stage: Stage,
    identifier: str,
    is_temporary: bool,
) -> None:
    ews_server.at(operation, behaviour)

    finding = last_of(probed(route_to(ews_server, ca_file=authority.ca_file), envelope))

    assert finding.failure is not None
    assert finding.failure.stage is stage
    assert (finding.failure.identifier, finding.failure.is_temporary) == (identifier, is_temporary)


def test_a_mailbox_of_another_address_is_told(
    ews_server: EwsServer, authority: Authority, envelope: Envelope
) -> None:
    route = route_to(ews_server, ca_file=authority.ca_file, sender="anna@nordwind.example")

    finding = last_of(probed(route, envelope))

    assert finding.failure is not None
    assert finding.failure.identifier == "ErrorNonExistentMailbox"


@pytest.mark.parametrize("host", ["outlook.office365.com", "outlook.office365.us"])
def test_exchange_online_is_led_elsewhere_before_anything_leaves(
    ews_server: EwsServer, envelope: Envelope, host: str
) -> None:
    route = route_to(ews_server, ca_file="", uri=f"https://{host}{PATH}")

    (finding,) = probed(route, envelope)

    assert finding.failure is not None
    assert (finding.stage, finding.failure.identifier) == (Stage.SETTINGS, "EwsRetired")
    assert finding.failure.source is Source.LOCAL
    assert "1 April 2027" in finding.detail
    assert "Email Services" in finding.detail


def test_a_name_of_ones_own_that_leads_to_exchange_online_is_seen_through(
    ews_server: EwsServer, authority: Authority, envelope: Envelope
) -> None:
    ews_server.certificate(authority.certificate("outlook.office365.com", "*.outlook.com"))

    finding = last_of(probed(route_to(ews_server, ca_file=authority.ca_file), envelope))

    ews_server.certificate(authority.certificate("localhost"))
    assert finding.failure is not None
    assert (finding.stage, finding.failure.identifier) == (Stage.TLS, "EwsRetired")
    assert ews_server.anonymous == 0


def test_a_domain_in_the_wrong_form_is_told_by_name(
    ews_server: EwsServer, envelope: Envelope
) -> None:
    (finding,) = probed(route_to(ews_server, ca_file="", domain="NORDWIND"), envelope)

    assert finding.failure is not None
    assert finding.failure.identifier == "EwsDomainForm"
    assert "company.com" in finding.detail


def test_the_certificate_of_a_private_authority_needs_its_bundle(
    ews_server: EwsServer, foreign_authority: Authority, envelope: Envelope
) -> None:
    route = route_to(ews_server, ca_file=foreign_authority.ca_file)

    finding = last_of(probed(route, envelope))

    assert finding.failure is not None
    assert (finding.stage, finding.failure.trouble) == (Stage.TLS, Trouble.CERTIFICATE_UNTRUSTED)
    assert finding.facts["certificate_names"] == "localhost"
    assert "Outtray test authority" in finding.facts["certificate_issuer"]
    assert (ews_server.anonymous, ews_server.refused) == (0, [])


def test_a_bundle_that_is_not_there_is_told(
    ews_server: EwsServer, envelope: Envelope, tmp_path: Path
) -> None:
    route = route_to(ews_server, ca_file=tmp_path / "gone.pem")

    finding = last_of(probed(route, envelope))

    assert finding.failure is not None
    assert (finding.stage, finding.failure.trouble) == (Stage.TLS, Trouble.SETTINGS)
    assert "gone.pem" in finding.detail


def test_certificates_that_do_not_fit_get_no_password(
    ews_server: EwsServer, authority: Authority, envelope: Envelope
) -> None:
    route = route_to(ews_server, ca_file=authority.ca_file)
    seen = []
    for files in (authority.expired("localhost"), authority.certificate("other.example")):
        ews_server.certificate(files)
        finding = last_of(probed(route, envelope))
        assert finding.failure is not None
        seen.append(finding.failure.trouble)
    ews_server.certificate(authority.certificate("localhost"))

    assert seen == [Trouble.CERTIFICATE_EXPIRED, Trouble.CERTIFICATE_OTHER_NAME]
    assert ews_server.anonymous == 0


def test_a_closed_port_is_told_at_its_stage(
    ews_server: EwsServer, authority: Authority, envelope: Envelope
) -> None:
    (port,) = free_ports(1)
    route = route_to(ews_server, ca_file=authority.ca_file, uri=f"https://localhost:{port}{PATH}")

    finding = last_of(probed(route, envelope))

    assert finding.failure is not None
    assert (finding.stage, finding.failure.trouble) == (Stage.CONNECT, Trouble.CONNECTION_REFUSED)


@pytest.mark.parametrize(
    "uri", ["https://169.254.169.254", "https://10.1.2.3", "https://192.0.2.1:8080"]
)
def test_places_that_are_not_allowed_are_not_connected_to(
    ews_server: EwsServer, envelope: Envelope, uri: str
) -> None:
    finding = last_of(probed(route_to(ews_server, ca_file="", uri=uri), envelope))

    assert finding.failure is not None
    assert (finding.stage, finding.failure.trouble) == (Stage.DNS, Trouble.NOT_ALLOWED)


def test_a_redirect_is_not_followed_with_a_password(
    ews_server: EwsServer, authority: Authority, envelope: Envelope
) -> None:
    elsewhere = Page(302, "", {"Location": "https://169.254.169.254/latest"})
    ews_server.always("ConvertId", elsewhere)

    finding = last_of(probed(route_to(ews_server, ca_file=authority.ca_file), envelope))

    assert finding.failure is not None
    assert finding.failure.identifier == "EwsWrongUrl"
    assert "169.254.169.254" in finding.detail


@pytest.mark.parametrize("silent", ["ConvertId", "GetFolder", "SendItem"])
def test_a_silent_server_ends_a_probe_in_time(
    ews_server: EwsServer, authority: Authority, envelope: Envelope, silent: str
) -> None:
    ews_server.at(silent, Stalls())
    route = route_to(ews_server, ca_file=authority.ca_file)

    finding = last_of(probed(route, envelope, patience=Patience(whole=0.6)))

    assert finding.failure is not None
    assert finding.failure.trouble is Trouble.TIMED_OUT


def test_a_test_mail_without_answer_has_failed_the_test(
    ews_server: EwsServer, authority: Authority, envelope: Envelope
) -> None:
    ews_server.at("SendItem", Loses())

    finding = last_of(probed(route_to(ews_server, ca_file=authority.ca_file), envelope))

    assert finding.failure is not None
    assert (finding.stage, finding.failure.is_temporary) == (Stage.SEND, True)


def test_without_its_library_exchange_is_refused_in_plain_words(
    ews_server: EwsServer, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "exchangelib", None)

    failure = refused(route_to(ews_server, ca_file=authority.ca_file)).failure

    assert failure.identifier == "EwsClientMissing"
    assert "outtray[exchange]" in failure.text
