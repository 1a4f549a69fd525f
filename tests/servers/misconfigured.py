"""A real Postfix and a real Dovecot, set up wrongly in many ways at once: one port for each."""

from __future__ import annotations

import os
import secrets
import subprocess
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.servers import processes
from tests.servers.authority import Authority
from tests.servers.dovecot import Dovecot
from tests.servers.failing_judge import FailingJudge
from tests.servers.postfix import make_folders, master_program
from tests.servers.presence import lacking, require

PASSWORD = "ben's own harbour"
LOCKED = "locked@nordwind.example"
FULL = "full@nordwind.example"

_MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/mail.log
maillog_file_prefixes = {folder}
myhostname = mail.nordwind.example
inet_interfaces = all
inet_protocols = all
mynetworks =
mydestination =
alias_maps =
alias_database =
local_recipient_maps =
default_transport = error:nothing leaves this machine
relay_transport = error:nothing leaves this machine
default_database_type = texthash
virtual_mailbox_domains = nordwind.example
virtual_mailbox_maps = inline:{{ {mailboxes} }}
virtual_mailbox_base = {folder}/mail
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
virtual_transport = virtual
virtual_mailbox_limit = 0
message_size_limit = 30000000
smtputf8_enable = yes
smtpd_tls_security_level = may
smtpd_tls_auth_only = yes
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = {auth}/accepts
smtpd_client_connection_count_limit = 0
smtpd_error_sleep_time = 0
smtpd_peername_lookup = no
smtpd_sender_login_maps = inline:{{ {senders} }}
smtpd_sender_restrictions = reject_sender_login_mismatch
smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination
smtpd_recipient_restrictions = permit_sasl_authenticated, reject
"""

_MASTER = """
cleanup unix n - n - 0 cleanup
strict unix n - n - 0 cleanup
  -o {{ header_checks = regexp:{{{{ /^Subject:/ REJECT message content rejected }}}} }}
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""

_USERS = ("ben@nordwind.example", LOCKED, FULL)


@dataclass(frozen=True, slots=True)
class Service:
    """One port: Postfix's own parameters for it, and whose certificate it shows.

    `ip` with `port` are those that it insists on: on an address of its own a port can be one
    that everybody knows.
    """

    parameters: tuple[str, ...] = ()
    certificate: str = "right"
    ip: str = "127.0.0.1"
    port: int = 0


class Misconfigured:
    """Started with the constructor; ready when that returns. `ports` has the services' own."""

    def __init__(
        self,
        folder: Path,
        authority: Authority,
        foreign: Authority,
        services: Mapping[str, Service],
    ) -> None:
        require("postfix", "postfix")
        if os.geteuid() != 0:
            lacking("only root can start Postfix")
        self.ca_file = authority.ca_file
        free = iter(processes.free_ports(len(services)))
        self.ports = {name: service.port or next(free) for name, service in services.items()}
        self._folder = folder
        folder.mkdir()
        with ExitStack() as started:
            self._start_judges(started)
            self._lay_out(services, _certificates(authority, foreign, services))
            started.callback(processes.stop, self._start(services))
            self._stop = started.pop_all().close

    def stop(self) -> None:
        self._stop()

    def _start_judges(self, started: ExitStack) -> None:
        """Dovecots: one that is right, others that offer too little; and one that gives up."""
        passwords = dict.fromkeys(_USERS, PASSWORD)
        for name, mechanisms in _MECHANISMS.items():
            judge = Dovecot(self._folder / name, passwords, mechanisms=mechanisms)
            started.callback(judge.stop)
        failing = FailingJudge(self._folder / "failing")
        started.callback(failing.stop)

    def _lay_out(
        self, services: Mapping[str, Service], certificates: Mapping[str, tuple[Path, Path]]
    ) -> None:
        folder = self._folder
        make_folders(folder)
        (folder / "auth").mkdir()
        for name in _MECHANISMS:
            (folder / "auth" / name).symlink_to(folder / name / "auth")
        (folder / "auth" / "failing").symlink_to(folder / "failing")
        main = _MAIN.format(
            folder=folder,
            auth=folder / "auth",
            mailboxes=", ".join(f"{user}=inbox/" for user in _USERS),
            senders=", ".join(f"{user}={user}" for user in _USERS),
        )
        master = "".join(
            _entry(service, self.ports[name], certificates[service.certificate], folder)
            for name, service in services.items()
        )
        conf = folder / "conf"
        conf.mkdir()
        (conf / "main.cf").write_text(main)
        (conf / "master.cf").write_text(master + _MASTER.format())

    def _start(self, services: Mapping[str, Service]) -> subprocess.Popen[bytes]:
        log = self._folder / "mail.log"
        process = processes.start([master_program(), "-c", self._folder / "conf"], log=log)
        local = [name for name, service in services.items() if service.ip == "127.0.0.1"]
        try:
            is_ready = partial(processes.listens, self.ports[local[-1]])
            processes.wait_until(is_ready, process, log=log)
        except BaseException:
            processes.stop(process)
            raise
        return process


_MECHANISMS = {
    "accepts": "plain login",
    "login_only": "login",
    "cram_md5": "cram-md5",
}


def own_address() -> str:
    """An address of this machine that nobody else is likely to use."""
    return (
        f"127.{secrets.randbelow(200) + 20}.{secrets.randbelow(250)}.{secrets.randbelow(250) + 2}"
    )


def _entry(service: Service, port: int, certificate: tuple[Path, Path], folder: Path) -> str:
    """The service's lines in master.cf."""
    chain, key = certificate
    ip = f"[{service.ip}]" if ":" in service.ip else service.ip
    parameters = (
        f"smtpd_tls_cert_file={chain}",
        f"smtpd_tls_key_file={key}",
        f"syslog_name=port{port}",
        *(parameter.replace("AUTH", str(folder / "auth")) for parameter in service.parameters),
    )
    options = "".join(f"  -o {{ {parameter} }}\n" for parameter in parameters)
    return f"{ip}:{port} inet n - n - - smtpd\n{options}"


def _certificates(
    authority: Authority, foreign: Authority, services: Mapping[str, Service]
) -> Mapping[str, tuple[Path, Path]]:
    """What servers show: valid for all addresses in use, and not."""
    names = ["localhost", *sorted({service.ip for service in services.values()})]
    return {
        "right": authority.certificate(*names),
        "expired": authority.expired(*names),
        "of another name": authority.certificate("mail.elsewhere.example"),
        "of localhost": authority.certificate("localhost"),
        "foreign": foreign.certificate(*names),
        "self-signed": authority.self_signed(*names),
    }
