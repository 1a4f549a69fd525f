"""A judge of passwords that breaks off whenever it is asked, as one whose backend is down."""

from __future__ import annotations

import contextlib
import socketserver
import threading
from pathlib import Path

# doc.dovecot.org, "Dovecot Authentication Protocol": the server's handshake.
_HANDSHAKE = (
    "VERSION\t1\t2\nMECH\tPLAIN\tplaintext\nMECH\tLOGIN\tplaintext\n"
    "SPID\t1\nCUID\t1\nCOOKIE\t00112233445566778899aabbccddeeff\nDONE\n"
)


class FailingJudge:
    """Listens as soon as it is made."""

    def __init__(self, socket: Path) -> None:
        self._server = _Server(str(socket), _Conversation)
        socket.chmod(0o666)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Conversation(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        with contextlib.suppress(OSError):
            self.wfile.write(_HANDSHAKE.encode())
            for line in self.rfile:
                if line.startswith(b"AUTH"):
                    return


class _Server(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True
