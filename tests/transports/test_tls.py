"""TLS on an open connection leaves nothing open when it does not come about."""

from __future__ import annotations

import select
import socket
import ssl
import struct
from collections.abc import Iterator
from contextlib import closing

import pytest

from outtray.transports.base import Trouble
from outtray.transports.tls import begin_tls, context_for, meaning_of

NO_LINGER = struct.pack("ii", 1, 0)  # closing resets the connection


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    """Our end of a connection, and the server's."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        client = socket.create_connection(server.getsockname(), timeout=30)
        other, _ = server.accept()
    yield client, other
    client.close()
    other.close()


def test_a_server_that_hangs_up_before_tls_leaves_no_socket_open(
    ends: tuple[socket.socket, socket.socket],
) -> None:
    client, other = ends
    _reset(client, other)

    with pytest.raises(OSError, match="reset") as caught:
        begin_tls(client, context_for(""), "localhost")

    assert [each.fileno() for each in _sockets_of(caught.value)] == [-1]


def test_a_connection_that_is_gone_is_never_left_in_the_clear(
    ends: tuple[socket.socket, socket.socket],
) -> None:
    client, other = ends
    _reset(client, other)
    with pytest.raises(ConnectionResetError):
        client.recv(1)

    with pytest.raises(ConnectionResetError):
        begin_tls(client, context_for(""), "localhost")


def test_a_server_that_hangs_up_within_the_handshake_interrupted_it(
    ends: tuple[socket.socket, socket.socket],
) -> None:
    client, other = ends
    other.shutdown(socket.SHUT_WR)

    with pytest.raises(ssl.SSLError) as caught:
        begin_tls(client, context_for(""), "localhost")

    trouble, text = meaning_of(caught.value, "mail.example")
    assert trouble is Trouble.TLS_INTERRUPTED
    assert text == "mail.example hung up within the TLS handshake"


def _reset(client: socket.socket, other: socket.socket) -> None:
    """The server hangs up, and that has arrived."""
    other.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGER)
    other.close()
    poll = select.poll()
    poll.register(client, select.POLLHUP)
    assert poll.poll(10_000)


def _sockets_of(problem: BaseException) -> list[ssl.SSLSocket]:
    """What Python had begun to wrap, which nobody else knows."""
    found, trace = [], problem.__traceback__
    while trace:
        begun = trace.tb_frame.f_locals.get("self")
        found += [begun] if isinstance(begun, ssl.SSLSocket) else []
        trace = trace.tb_next
    return list({id(each): each for each in found}.values())
