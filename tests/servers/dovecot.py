"""Dovecot in a folder of its own: Postfix's judge of passwords, or a keeper of Sent folders."""

from __future__ import annotations

import os
import socket
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tests.servers import processes
from tests.servers.presence import require

_NOBODY = 65534

# Dovecot lets an address wait longer after each wrong password; switching off the listener
# anvil-auth-penalty (mode 0) is its way to forgo that.
_COMMON = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
listen = 127.0.0.1
auth_mechanisms = {mechanisms}
auth_failure_delay = 0
auth_verbose = yes
service auth {{
  unix_listener {socket} {{
    mode = 0666
  }}
}}
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
"""

_NO_IMAP = """
protocols =
ssl = no
"""

_IMAP = """
protocols = imap
ssl = required
namespace inbox {{
  inbox = yes
  mailbox Sent {{
    special_use = \\Sent
  }}
}}
service imap-login {{
  inet_listener imap {{
    port = {starttls_port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
"""

_IMAP_2_3 = """
ssl_cert = <{certificate}
ssl_key = <{key}
mail_location = maildir:{folder}/mail/%u
userdb {{
  driver = static
  args = uid=65534 gid=65534 home={folder}/mail
}}
"""

_IMAP_2_4 = """
ssl_server_cert_file = {certificate}
ssl_server_key_file = {key}
mail_driver = maildir
mail_path = {folder}/mail/%{{user}}
userdb static {{
  fields {{
    uid = 65534
    gid = 65534
    home = {folder}/mail
  }}
}}
"""

_VERSION_2_3 = """
passdb {{
  driver = passwd-file
  args = {folder}/passwords
}}
"""

# Must begin the file, and renames settings.
_VERSION_2_4 = """
dovecot_config_version = 2.4.0
dovecot_storage_version = 2.4.0
passdb passwd-file {{
  passwd_file_path = {folder}/passwords
}}
"""


class Dovecot:
    """Started with the constructor; ready when that returns.

    With a certificate it serves the users' folders over IMAP too, with STARTTLS on one port
    and TLS on another. Only a folder named Sent is announced as the Sent folder. `more` is
    added to its configuration.
    """

    def __init__(
        self,
        folder: Path,
        passwords: Mapping[str, str],
        *,
        certificate: tuple[Path, Path] | None = None,
        mechanisms: str = "plain login",
        more: str = "",
    ) -> None:
        program = require("dovecot", "dovecot-core")
        folder.mkdir()
        self.socket = folder / "auth"
        self.starttls_port, self.tls_port = processes.free_ports(2)
        self._folder = folder
        self._passwords = dict(passwords)
        self._mechanisms = mechanisms
        self._more = more
        self._write_passwords()
        (folder / "mail").mkdir()
        os.chown(folder / "mail", _NOBODY, _NOBODY)
        configuration = folder / "dovecot.conf"
        configuration.write_text(self._configuration(program, folder, certificate))
        log = folder / "dovecot.log"
        log.touch()
        self._process = processes.start([program, "-F", "-c", configuration], log=log)
        is_ready = self._serves if certificate else self._judges
        try:
            processes.wait_until(is_ready, self._process, log=log)
        except BaseException:
            self.stop()
            raise

    def change_password(self, user: str, password: str) -> None:
        """Once this returns only this one is taken; Dovecot looks once a second."""
        self._passwords[user] = password
        self._write_passwords()
        processes.wait_until(
            lambda: self._takes(user, password), self._process, log=self._folder / "dovecot.log"
        )

    def refused_logins(self, user: str) -> int:
        """How often a password of this user was not taken so far."""
        log = (self._folder / "dovecot.log").read_text()
        return sum(user in line and "mismatch" in line for line in log.splitlines())

    def stop(self) -> None:
        processes.stop(self._process)

    def _takes(self, user: str, password: str) -> bool:
        asked = f"doveadm -c {self._folder}/dovecot.conf auth test -a {self.socket}".split()
        done = subprocess.run([*asked, user, password], capture_output=True, check=False)
        return done.returncode == 0

    def _write_passwords(self) -> None:
        lines = [f"{user}:{{PLAIN}}{password}\n" for user, password in self._passwords.items()]
        (self._folder / "passwords").write_text("".join(lines))

    def _configuration(
        self, program: Path, folder: Path, certificate: tuple[Path, Path] | None
    ) -> str:
        told = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
        is_2_3 = told.stdout.startswith("2.3")
        parts = [_VERSION_2_3 if is_2_3 else _VERSION_2_4, _COMMON]
        parts += [_IMAP, _IMAP_2_3 if is_2_3 else _IMAP_2_4] if certificate else [_NO_IMAP]
        certificate_file, key = certificate or ("", "")
        configuration = "".join(parts).format(
            folder=folder,
            socket=self.socket,
            mechanisms=self._mechanisms,
            starttls_port=self.starttls_port,
            tls_port=self.tls_port,
            certificate=certificate_file,
            key=key,
        )
        return configuration + self._more

    def _judges(self) -> bool:
        with socket.socket(socket.AF_UNIX) as sock:
            return sock.connect_ex(str(self.socket)) == 0

    def _serves(self) -> bool:
        return processes.listens(self.tls_port) and processes.listens(self.starttls_port)
