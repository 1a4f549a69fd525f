"""The fixtures of servers: each starts with the first test that asks for it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers.authority import Authority
from tests.servers.ews import EwsServer
from tests.servers.oauth.mail import OAuthMail
from tests.servers.oauth.server import OAuthServer
from tests.servers.postfix import Postfix
from tests.servers.scripted import ScriptedServer
from tests.servers.sent_folders import PASSWORDS, SentFolders


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Whom our test servers' certificates come from."""
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="session")
def foreign_authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """One that nobody trusts."""
    return Authority(tmp_path_factory.mktemp("foreign"), name="Foreign authority")


@pytest.fixture(scope="session")
def server_folder() -> Iterator[Path]:
    """A folder that servers may enter under their own users, with a path short enough for
    their sockets; pytest's own is neither."""
    folder = Path(tempfile.mkdtemp(prefix="outtray-servers-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def postfix(server_folder: Path, authority: Authority) -> Iterator[Postfix]:
    """A real Postfix with Dovecot, for all tests of the run."""
    server = Postfix(server_folder, authority)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def imap_server(server_folder: Path, authority: Authority) -> Iterator[SentFolders]:
    """A real Dovecot with folders, for all tests of the run."""
    server = SentFolders(server_folder / "folders", authority)
    yield server
    server.stop()


@pytest.fixture
def sent_folders(imap_server: SentFolders) -> SentFolders:
    """The same, with nothing in it."""
    for user in PASSWORDS:
        imap_server.empty(user)
    return imap_server


@pytest.fixture
def smtp_server() -> Iterator[ScriptedServer]:
    """A server of ours that a test tells what to do."""
    server = ScriptedServer()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def oauth_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OAuthServer]:
    """A real OAuth server in the parts of Google and Microsoft, for all tests of the run."""
    server = OAuthServer(tmp_path_factory.mktemp("oauth"))
    yield server
    server.stop()


@pytest.fixture
def oauth_server(oauth_process: OAuthServer) -> OAuthServer:
    """The same, as in the beginning."""
    oauth_process.reset()
    return oauth_process


@pytest.fixture(scope="session")
def exchange(tmp_path_factory: pytest.TempPathFactory, authority: Authority) -> Iterator[EwsServer]:
    """An Exchange server of ours, for all tests of the run."""
    server = EwsServer(authority, tmp_path_factory.mktemp("exchange"))
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("NTLM_USER_FILE", str(server.user_file))
        yield server
    server.stop()


@pytest.fixture
def ews_server(exchange: EwsServer) -> Iterator[EwsServer]:
    """The same as new; every request to it must have been as the schema of EWS demands."""
    exchange.start_again()
    yield exchange
    assert exchange.violations == []


@pytest.fixture(scope="session")
def oauth_mail(
    server_folder: Path, authority: Authority, oauth_process: OAuthServer
) -> Iterator[OAuthMail]:
    """A real Postfix with Dovecot that take this server's tokens, for all tests of the run."""
    server = OAuthMail(server_folder / "oauth", authority, oauth_process)
    yield server
    server.stop()
