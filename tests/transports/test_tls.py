"""TLS on an open connection leaves nothing open when it does not come about."""

from __future__ import annotations

import select
import socket
import ssl
import struct
from contextlib import closing

import pytest

from outtray.transports.tls import begin_tls, context_for

NO_LINGER = struct.pack("ii", 1, 0)  # closing resets the connection


def test_a_server_that_hangs_up_before_tls_leaves_no_socket_open() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        client = socket.create_connection(server.getsockname())
        other, _ = server.accept()
        other.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGER)
        other.close()
    _wait_for_reset(client)

    with pytest.raises(OSError, match="reset") as caught:
        begin_tls(client, context_for(""), "localhost")

    assert [each.fileno() for each in _sockets_of(caught.value)] == [-1]


def _wait_for_reset(client: socket.socket) -> None:
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
