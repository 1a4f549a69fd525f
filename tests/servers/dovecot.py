"""Dovecot as Postfix's judge of passwords, in a folder of its own."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tests.servers import processes
from tests.servers.presence import require

# Dovecot lets an address wait longer after each wrong password; switching off the listener
# anvil-auth-penalty (mode 0) is its way to forgo that.
_COMMON = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
ssl = no
protocols =
auth_mechanisms = plain login
auth_failure_delay = 0
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
    """Started with the constructor; ready when that returns."""

    def __init__(self, folder: Path, passwords: Mapping[str, str]) -> None:
        program = require("dovecot", "dovecot-core")
        folder.mkdir()
        self.socket = folder / "auth"
        lines = [f"{user}:{{PLAIN}}{password}" for user, password in passwords.items()]
        (folder / "passwords").write_text("\n".join(lines) + "\n")
        configuration = folder / "dovecot.conf"
        configuration.write_text(_template(program).format(folder=folder, socket=self.socket))
        log = folder / "dovecot.log"
        log.touch()
        self._process = processes.start([program, "-F", "-c", configuration], log=log)
        try:
            processes.wait_until(self._listens, self._process, log=log)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        processes.stop(self._process)

    def _listens(self) -> bool:
        with socket.socket(socket.AF_UNIX) as sock:
            return sock.connect_ex(str(self.socket)) == 0


def _template(program: Path) -> str:
    version = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    own = _VERSION_2_3 if version.stdout.startswith("2.3") else _VERSION_2_4
    return own + _COMMON
