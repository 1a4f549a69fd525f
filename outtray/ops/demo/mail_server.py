"""The demo's own mail server: STARTTLS and login required, on loopback, keeping what it gets."""

from __future__ import annotations

import asyncio
import hmac
import logging
import os
import ssl
import threading
from collections.abc import Mapping
from email.utils import formatdate
from pathlib import Path

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

# It warns of a way of its own, once for each login.
logging.getLogger("mail.log").setLevel(logging.ERROR)

MAX_BYTES = 35 * 1024 * 1024


class MailServer:
    """Takes mail from those with a password, for anybody. Nothing is passed on.

    Each message is one file in `folder`: `000001.eml`, with the envelope in front of it.
    """

    def __init__(
        self, folder: Path, *, passwords: Mapping[str, str], context: ssl.SSLContext
    ) -> None:
        self.port = 0
        self._folder = folder
        self._passwords = passwords
        self._context = context
        self._count = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="mail", daemon=True)

    def start(self) -> None:
        """Listen on a free port, which `port` then names."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._thread.start()
        listening = asyncio.run_coroutine_threadsafe(self._listen(), self._loop)
        self._server = listening.result()
        self.port = self._server.sockets[0].getsockname()[1]

    def stop(self) -> None:
        """Close all connections and end."""
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _listen(self) -> asyncio.Server:
        return await self._loop.create_server(self._conversation, "127.0.0.1", 0)

    async def _close(self) -> None:
        self._server.close()
        conversations = asyncio.all_tasks() - {asyncio.current_task()}
        for conversation in conversations:
            conversation.cancel()
        await asyncio.gather(*conversations, return_exceptions=True)

    def _conversation(self) -> SMTP:
        return SMTP(
            self,
            hostname="localhost",
            ident="Outtray demo",
            loop=self._loop,
            data_size_limit=MAX_BYTES,
            enable_SMTPUTF8=True,
            tls_context=self._context,
            require_starttls=True,
            auth_required=True,
            auth_require_tls=True,
            authenticator=self._log_in,
        )

    def _log_in(
        self,
        server: SMTP,  # noqa: ARG002 - as aiosmtpd calls it
        session: Session,  # noqa: ARG002
        envelope: Envelope,  # noqa: ARG002
        mechanism: str,  # noqa: ARG002
        data: object,
    ) -> AuthResult:
        if not isinstance(data, LoginPassword):
            return AuthResult(success=False, handled=False)
        expected = self._passwords.get(data.login.decode(errors="replace"), "")
        is_right = bool(expected) and hmac.compare_digest(expected.encode(), data.password)
        return AuthResult(success=is_right, handled=False)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: ARG002, N802 - as aiosmtpd calls it
        """Keep one message, and only then say yes (RFC 5321 §4.2.5)."""
        self._count += 1
        name = f"{self._count:06}"
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        beside = self._folder / f"{name}.new"
        beside.write_bytes(_trace(envelope) + content)
        os.replace(beside, self._folder / f"{name}.eml")
        return f"250 2.0.0 Kept as {name}"


def _trace(envelope: Envelope) -> bytes:
    """What a mail server writes in front of a message at its end (RFC 5321 §4.4)."""
    lines = (
        f"Return-Path: <{envelope.mail_from}>",
        f"X-Envelope-To: {', '.join(envelope.rcpt_tos)}",
        f"Received: by localhost with ESMTPSA; {formatdate(localtime=False)}",
    )
    return "".join(f"{line}\r\n" for line in lines).encode()
