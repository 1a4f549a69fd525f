"""Detection against an internet that means harm: nothing is believed, hangs or leaks."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

from outtray.mailboxes.detection.detect import detect
from outtray.mailboxes.detection.values import Detection, State
from outtray.transports.detection.sources import ASKED, Source
from outtray.transports.detection.together import THREADS
from tests.servers.authority import Authority
from tests.servers.internet import Internet, client_config, internet, outgoing

BEN = "ben@nordwind.example"
UNHURRIED = 20.0
AUTOCONFIG = "autoconfig.nordwind.example"
PAGE = f"{AUTOCONFIG}/mail/config-v1.1.xml"
_NAMED = "&a{};"
BOMB = (
    '<!DOCTYPE clientConfig [<!ENTITY a "ha"><!ENTITY a1 "&a;&a;&a;">'
    + "".join(f'<!ENTITY a{n + 1} "{10 * _NAMED.format(n)}">' for n in range(1, 9))
    + "]>"
)
STRANGER = '<!DOCTYPE clientConfig [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.fixture(scope="module")
def played(authority: Authority) -> Iterator[Internet]:
    with internet(authority) as one:
        yield one


@pytest.fixture
def net(played: Internet) -> Internet:
    played.forget()
    played.names.is_here(AUTOCONFIG, "mail.nordwind.example")
    return played


def found(net: Internet, *, seconds: float = UNHURRIED) -> Detection:
    return detect(BEN, net.reach, seconds=seconds, guessing=seconds / 4)


def state(detection: Detection, source: Source) -> State:
    return next(report.state for report in detection.reports if report.source == source)


def told(detection: Detection, source: Source) -> str:
    return next(report.told for report in detection.reports if report.source == source)


@pytest.mark.parametrize(
    "aside",
    [
        "https://169.254.169.254/latest/meta-data/",
        "https://metadata.nordwind.example/latest/",
        "https://10.0.0.1/",
        "https://nordwind.example:22/",
        "http://mail.nordwind.example/config.xml",
        "file:///etc/passwd",
        "https://[::ffff:169.254.169.254]/",
        "//",
        "https://[",
    ],
)
def test_a_redirect_leads_nowhere_that_no_request_may_go(net: Internet, aside: str) -> None:
    net.names.says("metadata.nordwind.example", "A", "169.254.169.254")
    net.publishes(AUTOCONFIG, "mail/config-v1.1.xml", "", status="302 Found", Location=aside)

    detection = found(net)

    assert detection.proposals == ()
    assert state(detection, Source.AUTOCONFIG) in {State.NOTHING, State.TROUBLE}


def test_redirects_are_followed_for_one_step_only(net: Internet) -> None:
    again = f"https://{PAGE.replace('.example/', f'.example:{net.web.port}/')}"
    net.publishes(AUTOCONFIG, "mail/config-v1.1.xml", "", status="302 Found", Location=again)

    detection = found(net)

    assert detection.proposals == ()
    assert len([url for url in net.web.requests if url.startswith(AUTOCONFIG)]) == 2


@pytest.mark.parametrize("address", ["169.254.169.254", "10.0.0.1", "100.100.100.200", "0.0.0.0"])
def test_a_name_that_leads_into_the_house_is_not_asked(net: Internet, address: str) -> None:
    net.names.says(AUTOCONFIG, "A", address)

    detection = found(net)

    assert state(detection, Source.AUTOCONFIG) is State.TROUBLE
    assert address not in told(detection, Source.AUTOCONFIG)


def test_a_gigabyte_of_xml_is_not_read(net: Internet) -> None:
    def flood(sock: ssl.SSLSocket, stopping: threading.Event) -> None:
        sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n<clientConfig>")
        for _ in range(16384):
            if stopping.is_set():
                return
            sock.sendall(b" " * 65536)

    net.web.does(PAGE, flood)

    detection = found(net)

    assert state(detection, Source.AUTOCONFIG) is State.TROUBLE
    assert "more than" in told(detection, Source.AUTOCONFIG)


@pytest.mark.parametrize("head", [BOMB, STRANGER, "<!DOCTYPE clientConfig>"])
def test_entities_are_not_expanded(net: Internet, head: str) -> None:
    net.publishes(
        AUTOCONFIG,
        "mail/config-v1.1.xml",
        client_config(outgoing("mail.nordwind.example", username="&a;"), head=head),
    )

    detection = found(net)

    assert detection.proposals == ()
    assert "something else" in told(detection, Source.AUTOCONFIG)


@pytest.mark.parametrize(
    "body",
    [
        "<a>" * 20_000,
        "<clientConfig>" + "<emailProvider>" * 3000,
        '<?xml version="1.0" encoding="utf-7"?><clientConfig/>',
        '<?xml version="1.0" encoding="no such"?><clientConfig/>',
        "<html><body>Welcome</body></html>",
        "\x00\xff",
        "",
    ],
)
def test_what_is_no_such_document_is_nothing(net: Internet, body: str) -> None:
    net.publishes(AUTOCONFIG, "mail/config-v1.1.xml", body)

    assert found(net).proposals == ()


@pytest.mark.parametrize(
    "server",
    [
        outgoing("mail.nordwind.example", socket="plain"),
        outgoing("mail.nordwind.example", socket="TLS-perhaps"),
        outgoing("mail.nordwind.example", port="0"),
        outgoing("mail.nordwind.example", port="99999"),
        outgoing("mail.nordwind.example", port="٤٦٥"),
        outgoing("127.0.0.1"),
        outgoing("169.254.169.254"),
        outgoing("metadata.nordwind.example"),
        outgoing("mail.nordwind.example&#10;RCPT"),
        outgoing("localhost"),
        outgoing("x" * 5000 + ".example"),
        outgoing("nowhere.nordwind.example"),
    ],
)
def test_a_server_that_could_not_be_used_is_not_proposed(net: Internet, server: str) -> None:
    net.names.says("metadata.nordwind.example", "A", "169.254.169.254")
    net.publishes(AUTOCONFIG, "mail/config-v1.1.xml", client_config(server))

    assert found(net).proposals == ()


def test_of_a_thousand_servers_a_few_are_looked_at(net: Internet) -> None:
    many = [outgoing(f"n{number}.nordwind.example") for number in range(300)]
    net.publishes(AUTOCONFIG, "mail/config-v1.1.xml", client_config(*many))

    found(net)

    looked_up = {name for name, _ in net.names.asked if name.startswith("n") and name[1].isdigit()}
    assert len(looked_up) <= 4


@pytest.mark.parametrize(
    "target", ["127.0.0.1.", "metadata.nordwind.example.", "here.nordwind.example.", "."]
)
def test_a_published_server_inside_the_house_is_refused(net: Internet, target: str) -> None:
    net.names.says("metadata.nordwind.example", "A", "169.254.169.254")
    net.names.says("here.nordwind.example", "A", "127.0.0.1")
    net.names.says("_submissions._tcp.nordwind.example", "SRV", f"0 1 465 {target}")
    reach = replace(net.reach, allow_local=False)

    detection = detect(BEN, reach, seconds=UNHURRIED, guessing=UNHURRIED / 4)

    assert detection.proposals == ()
    assert state(detection, Source.SRV) is State.NOTHING


def test_a_published_port_that_is_not_one_of_mail_is_refused(net: Internet) -> None:
    net.names.says("_submissions._tcp.nordwind.example", "SRV", "0 1 22 mail.nordwind.example.")
    net.names.says("mail.nordwind.example", "A", "192.0.2.1")

    assert found(net).proposals == ()


def test_answers_of_names_without_measure_are_cut(net: Internet) -> None:
    servers = [f"{number} h{number}.nordwind.example." for number in range(120)]
    net.names.says("nordwind.example", "MX", *servers)
    net.names.says("nordwind.example", "TXT", *(['"' + "x" * 200 + '"'] * 60))

    detection = found(net)

    assert detection.proposals == ()
    assert state(detection, Source.MX) is State.FOUND


def test_a_server_that_trickles_is_skipped(net: Internet) -> None:
    def trickle(sock: ssl.SSLSocket, stopping: threading.Event) -> None:
        sock.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while not stopping.wait(0.05):
            sock.sendall(b"<")

    net.web.does(PAGE, trickle)

    detection = found(net, seconds=0.8)

    assert state(detection, Source.AUTOCONFIG) is State.SKIPPED
    assert detection.proposals == ()


def test_name_servers_that_never_answer_let_everything_be_skipped(net: Internet) -> None:
    net.names.is_silent_about("")

    detection = found(net, seconds=0.4)

    assert {report.state for report in detection.reports} == {State.SKIPPED}
    assert {report.source for report in detection.reports} == {*ASKED, Source.GUESS}


def test_a_slow_source_does_not_keep_back_what_others_know(net: Internet) -> None:
    net.names.is_silent_about("_submissions._tcp.nordwind.example")
    net.publishes(
        AUTOCONFIG, "mail/config-v1.1.xml", client_config(outgoing("mail.nordwind.example"))
    )

    detection = found(net)

    assert state(detection, Source.SRV) in {State.SKIPPED, State.TROUBLE}
    assert detection.best
    assert detection.best.settings["host"] == "mail.nordwind.example"


def test_many_detections_of_a_dead_internet_leave_no_threads_behind(net: Internet) -> None:
    net.names.is_silent_about("")

    for number in range(12):
        detect(f"ben@n{number}.example", net.reach, seconds=0.04, guessing=0.01)

    ours = [thread for thread in threading.enumerate() if "outtray-detection" in thread.name]
    assert len(ours) <= THREADS
