"""Servers that are no mail servers: they say their first words and little else."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from pathlib import Path


class Stranger:
    """Listens as soon as it is made. One without first words waits to be asked, and answers
    then; one without an answer stays silent."""

    def __init__(
        self,
        first_words: bytes = b"",
        *,
        answer: bytes = b"",
        certificate: tuple[Path, Path] | None = None,
        hangs_up: bool = False,
        ip: str = "127.0.0.1",
    ) -> None:
        self._first_words = first_words
        self._answer = answer
        self._hangs_up = hangs_up
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER) if certificate else None
        if self._tls and certificate:
            self._tls.load_cert_chain(*certificate)
        self._open: set[socket.socket] = set()
        self._listener = socket.create_server((ip, 0))
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Close everything, and wait until nobody is served any more."""
        for sock in (self._listener, *self._open):
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            sock.close()
        self._thread.join()

    def _accept(self) -> None:
        talks: list[threading.Thread] = []
        with contextlib.suppress(OSError):
            while True:
                sock, _ = self._listener.accept()
                self._open.add(sock)
                talks.append(threading.Thread(target=self._talk, args=(sock,), daemon=True))
                talks[-1].start()
        for talk in talks:
            talk.join()

    def _talk(self, sock: socket.socket) -> None:
        with contextlib.suppress(OSError), sock:
            if self._hangs_up:
                return
            if self._tls:
                sock = self._tls.wrap_socket(sock, server_side=True)
            with sock:
                self._converse(sock)

    def _converse(self, sock: socket.socket) -> None:
        if self._first_words:
            sock.sendall(self._first_words)
        while sock.recv(4096):
            if self._answer:
                sock.sendall(self._answer)
                return
