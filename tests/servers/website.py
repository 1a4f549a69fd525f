"""A web server over TLS that plays every site of a test, and answers each as it is told."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from urllib.parse import urlsplit

from tests.servers.authority import Authority

Talk = Callable[[ssl.SSLSocket, threading.Event], None]


class Website:
    """Sites of those names, on one port of this machine. What it is not told is not found."""

    def __init__(self, authority: Authority, *names: str) -> None:
        self.requests: list[str] = []
        self.stopping = threading.Event()
        self._pages: dict[str, Talk] = {}
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(*authority.certificate(*names))
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=50)
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def shows(self, url: str, body: str | bytes, *, status: str = "200 OK", **head: str) -> None:
        """Answer requests for host and path, whatever is asked after the question mark."""
        octets = body.encode() if isinstance(body, str) else body
        named = {"Content-Length": str(len(octets)), **head}
        lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in named.items())
        answer = f"HTTP/1.1 {status}\r\n{lines}\r\n".encode() + octets
        self.does(url, lambda sock, _: sock.sendall(answer))

    def does(self, url: str, talk: Talk) -> None:
        """Let a function answer, until it is told to stop."""
        self._pages[url] = talk

    def forget(self) -> None:
        self._pages.clear()
        self.requests.clear()

    def stop(self) -> None:
        self.stopping.set()
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                sock, _ = self._listener.accept()
                threading.Thread(target=self._converse, args=(sock,), daemon=True).start()

    def _converse(self, plain: socket.socket) -> None:
        with plain, suppress(OSError):
            plain.settimeout(10)
            with self._context.wrap_socket(plain, server_side=True) as sock:
                host, target = _request(sock)
                self.requests.append(f"{host}{target}")
                talk = self._pages.get(host + urlsplit(target).path, _not_found)
                talk(sock, self.stopping)


def _request(sock: ssl.SSLSocket) -> tuple[str, str]:
    head = b""
    while b"\r\n\r\n" not in head:
        octets = sock.recv(4096)
        if not octets:
            raise OSError("hung up")
        head += octets
    first, *lines = head.decode().split("\r\n")
    named = dict(line.split(": ", 1) for line in lines if ": " in line)
    return named["Host"].partition(":")[0], first.split(" ")[1]


def _not_found(sock: ssl.SSLSocket, _: threading.Event) -> None:
    sock.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
