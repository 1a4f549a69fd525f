"""The guarded door to web interfaces, against servers that behave and that do not."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress

import pytest

from outtray.transports.base import Trouble
from outtray.transports.web import Answer, NoAnswer, Web

Serve = Callable[[Callable[[socket.socket], None]], str]
LOCAL = Web(allow_local=True)


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Serves each connection by a function; answers with the address."""
    with ExitStack() as stack:

        def begin(talk: Callable[[socket.socket], None]) -> str:
            listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))

            def take() -> None:
                with suppress(OSError):
                    while True:
                        sock, _ = listener.accept()
                        with sock, suppress(OSError):
                            talk(sock)

            threading.Thread(target=take, daemon=True).start()
            return f"http://127.0.0.1:{listener.getsockname()[1]}/"

        yield begin


def _says(octets: bytes) -> Callable[[socket.socket], None]:
    def talk(sock: socket.socket) -> None:
        sock.recv(65536)
        sock.sendall(octets)

    return talk


def test_an_answer_comes_with_status_headers_and_body(serve: Serve) -> None:
    url = serve(_says(b'HTTP/1.1 202 Fine\r\nX-Told: Yes\r\nContent-Length: 8\r\n\r\n{"a": 1}'))

    answer = LOCAL.ask("GET", url)

    assert isinstance(answer, Answer)
    assert answer.is_good
    assert answer.headers["x-told"] == "Yes"
    assert answer.json() == {"a": 1}


def test_two_requests_share_a_connection(serve: Serve) -> None:
    def talk(sock: socket.socket) -> None:
        while sock.recv(65536):
            sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

    url = serve(talk)
    connection = LOCAL.connect(url)
    assert not isinstance(connection, NoAnswer)

    with connection:
        answers = [connection.ask("GET", url) for _ in range(2) if connection.usable]

    assert [isinstance(answer, Answer) for answer in answers] == [True, True]


def test_a_server_that_wants_to_close_is_not_asked_again(serve: Serve) -> None:
    url = serve(_says(b"HTTP/1.1 200 OK\r\nConnection: Close\r\nContent-Length: 2\r\n\r\nok"))
    connection = LOCAL.connect(url)
    assert not isinstance(connection, NoAnswer)

    with connection:
        connection.ask("GET", url)

    assert not connection.usable


def test_a_redirect_is_an_answer_and_not_followed(serve: Serve) -> None:
    url = serve(
        _says(b"HTTP/1.1 302 Go\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n")
    )

    answer = LOCAL.ask("GET", url)

    assert isinstance(answer, Answer)
    assert answer.status == 302


def test_an_endless_answer_is_cut_at_its_bound(serve: Serve) -> None:
    def talk(sock: socket.socket) -> None:
        sock.recv(65536)
        sock.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            sock.sendall(b"x" * 65536)

    answer = LOCAL.ask("GET", serve(talk), at_most=100_000)

    assert isinstance(answer, NoAnswer)
    assert answer.trouble is Trouble.REPLY_TOO_LONG


def test_an_answer_that_trickles_is_cut_in_time(serve: Serve) -> None:
    def talk(sock: socket.socket) -> None:
        sock.recv(65536)
        tick = threading.Event()
        while not tick.wait(0.05):
            sock.sendall(b"H")

    answer = LOCAL.ask("GET", serve(talk), seconds=0.5)

    assert isinstance(answer, NoAnswer)
    assert answer.trouble is Trouble.TIMED_OUT
    assert answer.was_sent


def test_a_lost_answer_says_that_the_request_was_heard(serve: Serve) -> None:
    answer = LOCAL.ask("POST", serve(_says(b"")), content=b"{}")

    assert isinstance(answer, NoAnswer)
    assert answer.trouble is Trouble.CONNECTION_CLOSED
    assert answer.was_sent


def test_what_is_no_web_server_is_told(serve: Serve) -> None:
    answer = LOCAL.ask("GET", serve(_says(b"220 mail.example ESMTP\r\n")))

    assert isinstance(answer, NoAnswer)
    assert answer.trouble is Trouble.NOT_A_MAIL_SERVER


@pytest.mark.parametrize(
    ("url", "trouble"),
    [
        ("https://127.0.0.1/", Trouble.NOT_ALLOWED),
        ("https://169.254.169.254/latest/meta-data", Trouble.NOT_ALLOWED),
        ("https://10.1.2.3/", Trouble.NOT_ALLOWED),
        ("https://192.0.2.1:8080/", Trouble.NOT_ALLOWED),
        ("http://192.0.2.1/", Trouble.NOT_ALLOWED),
        ("file:///etc/passwd", Trouble.SETTINGS),
        ("https://example.com:99999/", Trouble.SETTINGS),
    ],
)
def test_places_that_no_request_may_go_to(url: str, trouble: Trouble) -> None:
    answer = Web().ask("GET", url)

    assert isinstance(answer, NoAnswer)
    assert answer.trouble is trouble
    assert not answer.was_sent
