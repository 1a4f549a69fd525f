"""A real Postfix with a real Dovecot behind its logins, in a folder of its own.

Submission with STARTTLS on one port and TLS on another, both on loopback. All of *.example
is delivered into one local maildir, and nothing can leave the machine.
"""

from __future__ import annotations

import os
import pwd
import subprocess
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from tests.servers import processes
from tests.servers.authority import Authority
from tests.servers.dovecot import Dovecot
from tests.servers.presence import lacking, require

PASSWORDS = {
    "ben@nordwind.example": "ben's own harbour",
    "anna@nordwind.example": "anna's own harbour",
    "billing@nordwind.example": "the billing harbour",
}

_NOBODY = 65534

_MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/mail.log
maillog_file_prefixes = {folder}
myhostname = mail.nordwind.example
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks =
mydestination =
alias_maps =
alias_database =
local_recipient_maps =
default_transport = error:nothing leaves this machine
relay_transport = error:nothing leaves this machine
default_database_type = texthash
virtual_mailbox_domains = regexp:{folder}/domains
virtual_mailbox_maps = regexp:{folder}/mailboxes
virtual_mailbox_base = {folder}/mail
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
virtual_transport = virtual
virtual_mailbox_limit = 0
message_size_limit = 30000000
smtputf8_enable = yes
smtpd_tls_cert_file = {certificate}
smtpd_tls_key_file = {key}
smtpd_tls_auth_only = yes
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = {dovecot}
smtpd_client_connection_count_limit = 0
smtpd_error_sleep_time = 0
smtpd_soft_error_limit = 1000
smtpd_hard_error_limit = 1000
smtpd_sender_login_maps = texthash:{folder}/senders
smtpd_sender_restrictions = reject_sender_login_mismatch
smtpd_data_restrictions = reject_unauth_pipelining
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_recipient_restrictions =
  check_recipient_access texthash:{folder}/recipients, permit_sasl_authenticated, reject
"""

_MASTER = """
127.0.0.1:{starttls_port} inet n - n - - smtpd
  -o smtpd_tls_security_level=encrypt
127.0.0.1:{tls_port} inet n - n - - smtpd
  -o smtpd_tls_wrappermode=yes {tls_options}
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""

_QUEUES = ("incoming", "active", "bounce", "defer", "deferred", "flush", "hold", "saved")


class Postfix:
    """Started with the constructor; ready when that returns.

    A user may send as himself only. `refused@customer.example` is refused for good,
    `full@customer.example` for now; everybody else under .example gets his mail.
    """

    host = "localhost"
    username = "ben@nordwind.example"
    password = PASSWORDS[username]

    def __init__(
        self,
        folder: Path,
        authority: Authority,
        *,
        judge: Callable[[Path], Dovecot] | None = None,
        tls_options: str = "",
    ) -> None:
        require("postfix", "postfix")
        if os.geteuid() != 0:
            lacking("only root can start Postfix")
        self.ca_file = authority.ca_file
        self.starttls_port, self.tls_port = processes.free_ports(2)
        self._tls_options = tls_options
        self._inbox = folder / "mail" / "inbox" / "new"
        with ExitStack() as started:
            begin = judge or (lambda place: Dovecot(place, PASSWORDS))
            dovecot = self.dovecot = begin(folder / "dovecot")
            started.callback(dovecot.stop)
            self._lay_out(folder, authority, dovecot)
            started.callback(processes.stop, self._start(folder))
            self._stop = started.pop_all().close

    def settings(
        self, security: str = "starttls", *, username: str = username
    ) -> dict[str, str | int]:
        """The settings of a mailbox on this server."""
        port = self.tls_port if security == "tls" else self.starttls_port
        return {"host": self.host, "port": port, "security": security, "username": username}

    def password_of(self, user: str) -> str:
        return PASSWORDS[user]

    def received(self) -> list[bytes]:
        """All messages delivered so far, the first first."""
        files = sorted(self._inbox.glob("*"), key=lambda file: file.stat().st_mtime_ns)
        return [file.read_bytes() for file in files]

    def wait_for(self, message_id: str, deadline_seconds: float = 30) -> bytes:
        """The delivered message with this Message-ID, once it is there."""
        wanted = message_id.encode()
        deadline = time.monotonic() + deadline_seconds
        while True:
            for message in self.received():
                if wanted in message.replace(b"\r\n", b"\n").partition(b"\n\n")[0]:
                    return message
            assert time.monotonic() < deadline, f"{message_id} was not delivered"
            processes.pause(0.05)

    def stop(self) -> None:
        self._stop()

    def _start(self, folder: Path) -> subprocess.Popen[bytes]:
        log = folder / "mail.log"
        process = processes.start([master_program(), "-c", folder / "conf"], log=log)
        try:
            for port in (self.starttls_port, self.tls_port):
                processes.wait_until(partial(processes.listens, port), process, log=log)
        except BaseException:
            processes.stop(process)
            raise
        return process

    def _lay_out(self, folder: Path, authority: Authority, dovecot: Dovecot) -> None:
        make_folders(folder)
        certificate, key = authority.certificate("localhost", "127.0.0.1")
        conf = folder / "conf"
        conf.mkdir()
        (conf / "main.cf").write_text(
            _MAIN.format(
                folder=folder,
                certificate=certificate,
                key=key,
                dovecot=dovecot.socket,
            )
        )
        (conf / "master.cf").write_text(
            _MASTER.format(
                starttls_port=self.starttls_port,
                tls_port=self.tls_port,
                tls_options=self._tls_options,
            )
        )
        (folder / "domains").write_text("/^([^@]+\\.)?example$/ yes\n")
        (folder / "mailboxes").write_text("/^/ inbox/\n")
        (folder / "senders").write_text("".join(f"{user} {user}\n" for user in PASSWORDS))
        (folder / "recipients").write_text(
            "refused@customer.example 550 5.1.1 User unknown\n"
            "full@customer.example 452 4.2.2 Mailbox full\n"
        )


def master_program() -> str:
    """The program that `postfix start` would start in the background."""
    daemons = subprocess.run(
        ["postconf", "-dh", "daemon_directory"], capture_output=True, text=True, check=True
    )
    return f"{daemons.stdout.strip()}/master"


def make_folders(folder: Path) -> None:
    """The queue as `postfix check` would make it, with the owners that the daemons expect."""
    postfix = pwd.getpwnam("postfix")
    for name in _QUEUES:
        _make(folder / "queue" / name, postfix.pw_uid, 0o700)
    for name, mode in (("private", 0o700), ("public", 0o755), ("maildrop", 0o730)):
        _make(folder / "queue" / name, postfix.pw_uid, mode)
    _make(folder / "queue" / "corrupt", postfix.pw_uid, 0o700)
    _make(folder / "queue" / "pid", 0, 0o755)
    _make(folder / "data", postfix.pw_uid, 0o700)
    _make(folder / "mail", _NOBODY, 0o755)


def _make(folder: Path, owner: int, mode: int) -> None:
    folder.mkdir(parents=True, mode=0o755)
    os.chown(folder, owner, -1)
    folder.chmod(mode)
