"""Postfix as a queue: smtp-source -> smtpd -> queue file -> smtp -> sink.

A private instance as Debian ships it, with its own limits and fsync. What a careful
administrator would turn to speed it up is turned: no delay on intake, no name look-ups,
connections to the sink kept open.
"""

from __future__ import annotations

import base64
import textwrap
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from benchmarks.delivery.running import Running
from benchmarks.feeder import feeding
from benchmarks.installations import started
from benchmarks.letters import TEXT, pdfs
from benchmarks.sink import Sink
from tests.servers import processes
from tests.servers.postfix import make_folders, master_program

SESSIONS = 10  # connections of smtp-source; fewer and many more were both slower

_MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/mail.log
maillog_file_prefixes = {folder}
myhostname = mail.nordwind.example
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
mydestination =
alias_maps =
alias_database =
local_recipient_maps =
default_database_type = texthash
relayhost = [127.0.0.1]:{sink_port}
in_flow_delay = 0
smtpd_peername_lookup = no
smtpd_client_connection_count_limit = 0
smtp_connection_cache_destinations = [127.0.0.1]:{sink_port}
"""

_MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""

_FEEDER = """
echo ready
while read count; do
    smtp-source -d -s {sessions} -m $count -f sales@nordwind.example -t einkauf@kunde.example \
        -F {message} 127.0.0.1:{port} && echo done
done
"""


class PostfixQueue:
    """A Postfix that relays to the sink."""

    def __init__(self, folder: Path, sink: Sink, stack: ExitStack) -> None:
        self._folder = folder
        (self._port,) = processes.free_ports(1)
        make_folders(folder)
        conf = folder / "conf"
        conf.mkdir()
        (conf / "main.cf").write_text(_MAIN.format(folder=folder, sink_port=sink.port))
        (conf / "master.cf").write_text(_MASTER.format(port=self._port))
        (folder / "message").write_text(_message())

    @contextmanager
    def running(self) -> Iterator[Running]:
        master = [master_program(), "-c", str(self._folder / "conf")]
        script = _FEEDER.format(
            sessions=SESSIONS, message=self._folder / "message", port=self._port
        )
        with (
            started(master, log=self._folder / "mail.log", says="daemon started") as server,
            feeding(["sh", "-c", script], log=self._folder / "source.log") as feeder,
        ):
            yield Running(feeder, (server,))


def _message() -> str:
    """As long as Outtray's. smtp-source turns its line ends into CRLF."""
    pdf = "\n".join(textwrap.wrap(base64.b64encode(next(pdfs())).decode(), 76))
    return (
        "From: Nordwind <sales@nordwind.example>\n"
        "To: Einkauf <einkauf@kunde.example>\n"
        "Subject: Invoice RE-1 from Nordwind\n"
        "Date: Mon, 02 Nov 2026 09:00:00 +0000\n"
        "Message-ID: <1@nordwind.example>\n"
        "MIME-Version: 1.0\n"
        'Content-Type: multipart/mixed; boundary="=_a"\n\n'
        f"--=_a\nContent-Type: text/plain; charset=utf-8\n\n{TEXT}\n"
        "--=_a\nContent-Type: application/pdf\nContent-Transfer-Encoding: base64\n\n"
        f"{pdf}\n--=_a--\n"
    )
