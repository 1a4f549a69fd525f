"""Detection against a small internet of ours: what each source tells, and what comes of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from outtray.lib.errors import Refused
from outtray.mail.address import Address
from outtray.mailboxes.detection.detect import detect
from outtray.mailboxes.detection.judge import judge
from outtray.mailboxes.detection.values import Confidence, Detection, Proposal, State
from outtray.mailboxes.presets import PRESETS
from outtray.transports.detection.sources import Source
from outtray.transports.detection.values import Heard
from tests.servers.authority import Authority
from tests.servers.internet import DATABASE, MICROSOFT, Internet, client_config, internet, outgoing
from tests.servers.scripted import ScriptedServer

BEN = "ben@nordwind.example"
UNHURRIED = 20.0  # seconds; what is tested here is not how fast a busy machine is
WELL_KNOWN = ".well-known/autoconfig/mail/config-v1.1.xml"
TENANT = "nordwind.example/v2.0/.well-known/openid-configuration"


@pytest.fixture(scope="module")
def played(authority: Authority) -> Iterator[Internet]:
    with internet(authority) as one:
        yield one


@pytest.fixture
def net(played: Internet) -> Internet:
    played.forget()
    return played


def found(net: Internet, address: str = BEN) -> Detection:
    return detect(address, net.reach, seconds=UNHURRIED, guessing=UNHURRIED / 2)


def best(detection: Detection) -> Proposal:
    assert detection.best
    return detection.best


def state(detection: Detection, source: Source) -> State:
    return next(report.state for report in detection.reports if report.source == source)


def told(detection: Detection, source: Source) -> str:
    return next(report.told for report in detection.reports if report.source == source)


def server(proposal: Proposal) -> tuple[object, ...]:
    return tuple(proposal.settings[name] for name in ("host", "port", "security", "username"))


@pytest.mark.parametrize(
    ("domain", "provider"),
    [(domain, preset.id) for preset in PRESETS.values() for domain in preset.domains],
)
def test_every_domain_of_a_preset_is_known_without_asking_anybody(
    domain: str, provider: str
) -> None:
    detection = detect(f"ben@{domain}", None)

    assert best(detection).provider == provider
    assert best(detection).confidence is Confidence.SURE
    assert not best(detection).must_confirm
    assert [report.source for report in detection.reports] == [Source.PRESET]


@pytest.mark.parametrize(
    ("suffix", "provider"),
    [(suffix, preset.id) for preset in PRESETS.values() for suffix in preset.mx],
)
def test_every_mail_host_of_a_preset_leads_to_that_providers_server(
    suffix: str, provider: str
) -> None:
    said = Heard("", mail_hosts=(f"nordwind-example.{suffix}",))

    proposals = judge(Address.parse(BEN), {Source.MX: said})

    same_mx = {preset.id for preset in PRESETS.values() if suffix in preset.mx}
    assert {proposal.provider for proposal in proposals} <= same_mx
    passwords = [one for one in proposals if one.service_type == "web_mail"]
    assert passwords or PRESETS[provider].password_rule == "never"
    assert all(one.settings["host"] == PRESETS[one.provider].host for one in passwords)


@pytest.mark.parametrize(
    ("host", "provider"),
    [
        ("aspmx.l.google.com", "google_workspace"),
        ("smtp.google.com", "google_workspace"),
        ("nordwind-example.mail.protection.outlook.com", "microsoft365"),
        ("nordwind-example.a-v1.mx.microsoft", "microsoft365"),
        ("mx00.ionos.de", "ionos_de"),
        ("mx00.ionos.co.uk", "ionos_co_uk"),
        ("mx01.kundenserver.de", "ionos_de"),
        ("mx-aol.mail.gm0.yahoodns.net", "aol"),
        ("in1-smtp.messagingengine.com", "fastmail"),
        ("mx01.mail.icloud.com", "icloud"),
        ("mx.zoho.eu", "zoho_eu"),
        ("smtpin.rzone.de", "strato"),
        ("www123.your-server.de", "hetzner"),
    ],
)
def test_a_domain_of_ones_own_belongs_to_whoever_takes_its_mail(
    net: Internet, host: str, provider: str
) -> None:
    net.names.says("nordwind.example", "MX", f"10 {host}.", "50 backup.elsewhere.example.")

    detection = found(net)

    assert best(detection).provider == provider
    assert best(detection).confidence is Confidence.SURE


def test_microsoft_is_signed_in_at_and_its_password_way_comes_second(net: Internet) -> None:
    net.names.says("nordwind.example", "MX", "0 nordwind-example.mail.protection.outlook.com.")

    detection = found(net)

    ways = [(one.service_type, one.sign_in) for one in detection.proposals]
    assert ways[0] == ("email_services", "microsoft")
    assert ways[-1] == ("web_mail", "")


def test_a_gateway_is_named_and_the_mailbox_behind_it_found_by_other_signs(net: Internet) -> None:
    net.names.says("nordwind.example", "MX", "10 mx1.hc1234.eu.iphmx.com.")
    net.names.says(
        "nordwind.example",
        "TXT",
        '"v=spf1 include:spf.protection.outlook.com include:x.example -all"',
    )

    detection = found(net)

    assert detection.gateway == "Cisco"
    assert best(detection).provider == "microsoft365"
    assert best(detection).must_confirm
    assert "Cisco" in best(detection).because


def test_an_spf_record_alone_proves_no_mailbox(net: Internet) -> None:
    net.names.says("nordwind.example", "MX", "10 mail.nordwind.example.")
    net.names.says("nordwind.example", "TXT", '"v=spf1 mx include:_spf.google.com -all"')

    assert found(net).proposals == ()


def test_published_servers_are_taken_encrypted_first(net: Internet) -> None:
    net.names.says("_submission._tcp.nordwind.example", "SRV", "0 1 587 old.nordwind.example.")
    net.names.says("_submissions._tcp.nordwind.example", "SRV", "0 1 465 mx.nordwind.example.")
    net.names.says("_imaps._tcp.nordwind.example", "SRV", "0 1 993 imap.nordwind.example.")
    net.names.is_here("mx.nordwind.example", "old.nordwind.example", "imap.nordwind.example")

    proposal = best(found(net))

    assert server(proposal) == ("mx.nordwind.example", 465, "tls", BEN)
    assert proposal.settings["imap_host"] == "imap.nordwind.example"
    assert (proposal.confidence, proposal.must_confirm) == (Confidence.SURE, False)


def test_a_published_server_of_strangers_is_confirmed_by_a_person(net: Internet) -> None:
    net.names.says("_submission._tcp.nordwind.example", "SRV", "0 1 587 mail.hoster.example.")
    net.names.is_here("mail.hoster.example")

    proposal = best(found(net))

    assert server(proposal) == ("mail.hoster.example", 587, "starttls", BEN)
    assert (proposal.confidence, proposal.must_confirm) == (Confidence.LIKELY, True)


def test_a_folder_server_of_other_strangers_is_left_out(net: Internet) -> None:
    net.names.says("_submissions._tcp.nordwind.example", "SRV", "0 1 465 mail.nordwind.example.")
    net.names.says("_imaps._tcp.nordwind.example", "SRV", "0 1 993 imap.elsewhere.example.")
    net.names.is_here("mail.nordwind.example", "imap.elsewhere.example")

    proposal = best(found(net))

    assert proposal.settings["host"] == "mail.nordwind.example"
    assert "imap_host" not in proposal.settings


def test_settings_of_the_domains_own_autoconfig_host_are_filled_in(net: Internet) -> None:
    net.publishes(
        "autoconfig.nordwind.example",
        "mail/config-v1.1.xml",
        client_config(
            outgoing("plain.nordwind.example", socket="plain", port="25"),
            outgoing(
                "mail.%EMAILDOMAIN%", port="587", socket="STARTTLS", username="%EMAILLOCALPART%"
            ),
        ),
    )
    net.names.is_here("mail.nordwind.example", "plain.nordwind.example")

    proposal = best(found(net))

    assert server(proposal) == ("mail.nordwind.example", 587, "starttls", "ben")
    assert proposal.source == Source.AUTOCONFIG
    assert not proposal.must_confirm
    assert (
        net.web.requests.count(
            "autoconfig.nordwind.example/mail/config-v1.1.xml?emailaddress=ben%40nordwind.example"
        )
        == 1
    )


def test_a_step_aside_to_another_encrypted_page_is_taken_once(net: Internet) -> None:
    port = net.web.port
    net.publishes(
        "nordwind.example",
        WELL_KNOWN,
        "",
        status="301 Moved",
        Location=f"https://www.nordwind.example:{port}/config.xml",
    )
    net.publishes(
        "www.nordwind.example", "config.xml", client_config(outgoing("mail.nordwind.example"))
    )
    net.names.is_here("mail.nordwind.example")

    assert best(found(net)).source == Source.WELL_KNOWN


def test_the_database_hears_the_domain_and_never_the_address(net: Internet) -> None:
    net.publishes(
        DATABASE, "v1.1/nordwind.example", client_config(outgoing("mail.nordwind.example"))
    )
    net.names.is_here("mail.nordwind.example")

    detection = found(net)

    assert best(detection).source == Source.DATABASE
    strangers = [url for url in net.web.requests if url.startswith((DATABASE, MICROSOFT))]
    assert strangers
    assert not [url for url in strangers if "ben" in url]


def test_the_database_is_asked_for_the_hoster_who_takes_the_mail(net: Internet) -> None:
    net.names.says("nordwind.example", "MX", "10 w0123456.hoster.example.")
    net.publishes(DATABASE, "v1.1/hoster.example", client_config(outgoing("smtp.hoster.example")))
    net.names.is_here("smtp.hoster.example")

    proposal = best(found(net))

    assert proposal.source == Source.DATABASE_BY_MX
    assert proposal.settings["host"] == "smtp.hoster.example"


def test_a_user_name_that_only_the_person_knows_is_left_open(net: Internet) -> None:
    config = client_config(outgoing("mail.nordwind.example", username="%CUSTOMERNUMBER%"))
    net.publishes("autoconfig.nordwind.example", "mail/config-v1.1.xml", config)
    net.names.is_here("mail.nordwind.example")

    assert best(found(net)).settings["username"] == ""


def test_a_server_that_takes_tokens_only_is_not_proposed_for_a_password(net: Internet) -> None:
    config = client_config(outgoing("mail.nordwind.example", authentication="OAuth2"))
    net.publishes("autoconfig.nordwind.example", "mail/config-v1.1.xml", config)
    net.names.is_here("mail.nordwind.example")

    assert found(net).proposals == ()


def test_an_organisation_that_microsoft_knows_is_only_a_guess(net: Internet) -> None:
    net.publishes(MICROSOFT, TENANT, '{"issuer": "https://login.microsoftonline.com/x/v2.0"}')

    proposal = best(found(net))

    assert proposal.provider == "microsoft365"
    assert (proposal.confidence, proposal.must_confirm) == (Confidence.GUESS, True)


def test_an_exchange_of_ones_own_is_found_with_its_address(net: Internet) -> None:
    net.publishes(
        "autodiscover.nordwind.example",
        f"autodiscover/autodiscover.json/v1.0/{BEN.replace('@', '%40')}",
        '{"Protocol": "EWS", "Url": "https://mail.nordwind.example/EWS/Exchange.asmx"}',
    )
    net.names.is_here("mail.nordwind.example")

    detection = found(net)

    assert state(detection, Source.EXCHANGE) is State.FOUND
    assert "mail.nordwind.example" in told(detection, Source.EXCHANGE)
    assert (best(detection).service_type, best(detection).transport) == ("exchange", "ews")
    assert best(detection).settings == {
        "uri": "https://mail.nordwind.example/EWS/Exchange.asmx",
        "domain": "nordwind.example",
    }


def test_an_exchange_online_is_led_to_microsoft(net: Internet) -> None:
    net.publishes(
        "autodiscover.nordwind.example",
        f"autodiscover/autodiscover.json/v1.0/{BEN.replace('@', '%40')}",
        '{"Protocol": "EWS", "Url": "https://outlook.office365.com/EWS/Exchange.asmx"}',
    )

    assert best(found(net)).provider == "microsoft365"


def test_what_stands_higher_in_trust_wins(net: Internet) -> None:
    net.names.says("_submissions._tcp.nordwind.example", "SRV", "0 1 465 srv.nordwind.example.")
    net.publishes(
        "autoconfig.nordwind.example",
        "mail/config-v1.1.xml",
        client_config(outgoing("xml.nordwind.example")),
    )
    net.names.is_here("srv.nordwind.example", "xml.nordwind.example")

    assert best(found(net)).settings["host"] == "srv.nordwind.example"


def test_the_last_resort_is_whoever_answers_under_a_usual_name(
    net: Internet, smtp_server: ScriptedServer, authority: Authority
) -> None:
    smtp_server.speaks_tls(authority.certificate("mail.nordwind.example", "smtp.nordwind.example"))
    net.names.is_here("smtp.nordwind.example")
    reach = replace(net.reach, doors=((smtp_server.port, "tls"),))

    detection = detect(BEN, reach, seconds=UNHURRIED, guessing=UNHURRIED / 2)

    assert server(best(detection)) == ("smtp.nordwind.example", smtp_server.port, "tls", BEN)
    assert best(detection).confidence is Confidence.GUESS
    assert best(detection).must_confirm
    assert "smtp.nordwind.example answers" in told(detection, Source.GUESS)


def test_nothing_is_guessed_where_something_is_known(
    net: Internet, smtp_server: ScriptedServer
) -> None:
    net.names.says("nordwind.example", "MX", "10 mx00.ionos.de.")
    net.names.is_here("mail.nordwind.example")
    reach = replace(net.reach, doors=((smtp_server.port, "starttls"),))

    detect(BEN, reach, seconds=UNHURRIED, guessing=UNHURRIED / 2)

    assert smtp_server.connections == 0


def test_an_address_that_is_none_is_refused(net: Internet) -> None:
    with pytest.raises(Refused) as refused:
        found(net, "ben@@nordwind.example")

    assert refused.value.code == "bad_address"


def test_who_may_ask_nobody_knows_the_presets_alone() -> None:
    detection = detect(BEN, None)

    assert (detection.proposals, detection.reports) == ((), ())


def test_a_detection_is_told_in_plain_values(net: Internet) -> None:
    net.names.says("nordwind.example", "MX", "10 mx00.ionos.de.")

    plain = found(net).to_json()

    assert plain["best"]["settings"]["host"] == "smtp.ionos.de"
    assert plain["sources"][0]["source"] == "mx"
    assert set(plain["sources"][0]) == {"source", "state", "told", "milliseconds"}
