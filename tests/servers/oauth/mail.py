"""Postfix and Dovecot that take the tokens of the OAuth server, for SMTP and for IMAP.

Dovecot checks each token by itself: signature, end, issuer, and whose it is.
"""

from __future__ import annotations

import imaplib
import ssl
import subprocess
from pathlib import Path

from tests.servers.authority import Authority
from tests.servers.dovecot import Dovecot
from tests.servers.oauth.server import KEY_ID, TENANT, OAuthServer
from tests.servers.postfix import PASSWORDS, Postfix
from tests.servers.presence import lacking, require

_PASSDB = """
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {folder}/oauth2.conf
}}
"""

_OAUTH2 = """
introspection_mode = local
local_validation_key_dict = fs:posix:prefix={folder}/keys/
username_attribute = email
issuers = {url}/google {url}/microsoft/{tenant}/v2.0
"""

METHODS = "xoauth2 oauthbearer plain login"


class OAuthMail:
    """Started with the constructor; ready when that returns. Users begin without any folder.

    With STARTTLS all methods of login are offered, with TLS from the start OAUTHBEARER alone.
    """

    host = "localhost"

    def __init__(self, folder: Path, authority: Authority, oauth: OAuthServer) -> None:
        _require_2_3()
        (folder / "postfix").mkdir(parents=True)
        self.ca_file = authority.ca_file
        self._lay_out(folder, oauth)

        def judge(place: Path) -> Dovecot:
            return Dovecot(
                place,
                PASSWORDS,
                certificate=authority.certificate("localhost", "127.0.0.1"),
                mechanisms=METHODS,
                more=_PASSDB.format(folder=folder),
            )

        only = "-o smtpd_sasl_mechanism_filter=oauthbearer"
        self.postfix = Postfix(folder / "postfix", authority, judge=judge, tls_options=only)

    def settings(
        self, account: str = "", *, imap: bool = False, security: str = "starttls"
    ) -> dict[str, str | int]:
        """The settings of a mailbox here."""
        there = {**self.postfix.settings(security), "username": account}
        if imap:
            port = self.postfix.dovecot.tls_port
            there |= {"imap_host": self.host, "imap_port": port, "imap_security": "tls"}
        return there

    def file_sent(self, user: str, message: bytes) -> None:
        """Put a message into somebody's Sent folder."""
        context = ssl.create_default_context(cafile=str(self.ca_file))
        port = self.postfix.dovecot.tls_port
        with imaplib.IMAP4_SSL(self.host, port, ssl_context=context) as imap:
            imap.login(user, PASSWORDS[user])
            imap.create("Sent")
            answer, told = imap.append("Sent", "", "", message)
            assert answer == "OK", told

    def logins(self, user: str, words: str) -> int:
        """How often Dovecot said these words of this user."""
        log = (self._folder / "postfix" / "dovecot" / "dovecot.log").read_text()
        return sum(user in line and words in line for line in log.splitlines())

    def stop(self) -> None:
        self.postfix.stop()

    def _lay_out(self, folder: Path, oauth: OAuthServer) -> None:
        self._folder = folder
        keys = folder / "keys" / "default" / "RS256"
        keys.mkdir(parents=True)
        (keys / KEY_ID).write_bytes(oauth.signing_key)
        told = _OAUTH2.format(folder=folder, url=oauth.url, tenant=TENANT)
        (folder / "oauth2.conf").write_text(told)


def _require_2_3() -> None:
    """Dovecot 2.4 has other words for all of this."""
    program = require("dovecot", "dovecot-core")
    told = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    if not told.stdout.startswith("2.3"):
        lacking("checking tokens is set up for Dovecot 2.3 only")
