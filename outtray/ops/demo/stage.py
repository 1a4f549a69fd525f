"""What the demo needs before anything of Django is read: a folder, a mail server, settings."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from outtray.lib.clock import SYSTEM
from outtray.lib.errors import Refused
from outtray.lib.sealing import Secret
from outtray.ops.demo.authority import new_authority
from outtray.ops.demo.destination import COMPANY_ADDRESS, USER_ADDRESS, Destination, Login
from outtray.ops.demo.mail_server import MailServer
from outtray.ops.folder import make_folder, speaking


@dataclass(frozen=True, slots=True)
class Stage:
    """Everything set up for one run. `variables` are the settings that it must run with."""

    folder: Path
    destination: Destination
    variables: dict[str, str]


@contextmanager
def stage(*, port: int, folder: Path | None, outside: Destination | None) -> Iterator[Stage]:
    """Set up for one run, on fresh data; a folder that was not named is removed afterwards."""
    with ExitStack() as stack:
        data = _named(folder) if folder else Path(stack.enter_context(_temporary()))
        received = data / "received"
        destination = outside or _own_server(data, received, stack)
        yield Stage(data, destination, _variables(data, received, destination, port))


def _temporary() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="outtray-demo-", ignore_cleanup_errors=True)


def _named(folder: Path) -> Path:
    """Data that somebody may need is never overwritten, and never mixed with the demo's."""
    with speaking(folder):
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise Refused("not_empty", f"{folder} is not empty. Name a new folder for the demo.")
    return make_folder(folder.resolve())


def _own_server(data: Path, received: Path, stack: ExitStack) -> Destination:
    authority = new_authority(data, at=SYSTEM.now())
    user, company = (
        Login(address, Secret(secrets.token_urlsafe(18)))
        for address in (USER_ADDRESS, COMPANY_ADDRESS)
    )
    server = MailServer(
        received,
        passwords={login.username: login.password.value for login in (user, company)},
        context=authority.server_context,
    )
    server.start()
    stack.callback(server.stop)
    return Destination(
        "localhost", server.port, "starttls", user, company, ca_file=str(authority.ca_file)
    )


def _variables(data: Path, received: Path, destination: Destination, port: int) -> dict[str, str]:
    """All that would otherwise point at the data, or the addresses, of a real installation."""
    return {
        "OUTTRAY_DATA": str(data),
        "OUTTRAY_DATABASE_URL": "",
        "OUTTRAY_DATABASE_URL_FILE": "",
        "OUTTRAY_KEY_RING_FILE": str(data / "keys" / "ring.json"),
        "OUTTRAY_HOST": "127.0.0.1",
        "OUTTRAY_PORT": str(port),
        "OUTTRAY_BASE_URL": f"http://127.0.0.1:{port}",
        "OUTTRAY_ALLOW_LOCAL": "1",
        "OUTTRAY_ALLOW_NETWORKS": ",".join(destination.networks),
        "OUTTRAY_CA_FILE": destination.ca_file,
        "OUTTRAY_DEMO_MAILS": str(received) if received.exists() else "",
    }
