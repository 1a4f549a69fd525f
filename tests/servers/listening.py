"""A port of this machine whose every conversation has a thread of its own."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Callable


class Listening:
    """Listens on a free port from the constructor on, until `stop`."""

    def __init__(self, converse: Callable[[socket.socket], None]) -> None:
        self.connections = 0
        self.stopping = threading.Event()
        self._converse_on = converse
        self._changed = threading.Condition()
        self._open: dict[threading.Thread, socket.socket] = {}
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port: int = self._listener.getsockname()[1]
        self._acceptor = threading.Thread(target=self._accept, daemon=True)
        self._acceptor.start()

    def wait_until_quiet(self, seconds: float) -> bool:
        """Wait until no conversation is open any more; True if that came in time."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._open, seconds)

    def hang_up(self) -> None:
        """End all conversations that are open just now."""
        with self._changed:
            conversations = list(self._open.values())
        for sock in conversations:
            end(sock)

    def stop(self) -> None:
        """Close everything and wait for every thread."""
        self.stopping.set()
        end(self._listener)
        self._acceptor.join()
        with self._changed:
            conversations = dict(self._open)
        for thread, sock in conversations.items():
            end(sock)
            thread.join()

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.connections += 1
            thread = threading.Thread(target=self._converse, args=(sock,), daemon=True)
            with self._changed:
                self._open[thread] = sock
            thread.start()

    def _converse(self, sock: socket.socket) -> None:
        try:
            self._converse_on(sock)
        finally:
            with self._changed:
                del self._open[threading.current_thread()]
                self._changed.notify_all()


def end(sock: socket.socket) -> None:
    """End both directions, so that a thread waiting in accept or recv wakes up."""
    with contextlib.suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)
    sock.close()


def reset_at_close(sock: socket.socket) -> None:
    """Close later with RST instead of FIN: no lingering."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def leave_with_the_end(sock: socket.socket) -> None:
    """Let what is said from here on leave with the FIN, in one packet if it fits into one."""
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 1)
