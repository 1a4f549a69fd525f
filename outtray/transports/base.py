"""What every way out of the house has in common: Route, Session, Outcome, Failure.

A Session belongs to one sitting and one thread. After any surprise it says that it is no
longer `usable`, and is closed, never reused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol, runtime_checkable

from outtray.lib.sealing import Secret
from outtray.mail.address import Address
from outtray.mail.envelope import Envelope


class Stage(StrEnum):
    """The step of a conversation at which something was said."""

    SETTINGS = "settings"
    ADDRESS = "address"
    DNS = "dns"
    CONNECT = "connect"
    GREETING = "greeting"
    TLS = "tls"
    EHLO = "ehlo"
    LOGIN = "login"
    SENDER = "sender"
    RECIPIENT = "recipient"
    SIZE = "size"
    CONTENT = "content"
    ANSWER = "answer"
    ARRIVAL = "arrival"
    TOKEN = "token"  # noqa: S105 - a step
    SCOPES = "scopes"
    IDENTITY = "identity"
    MAILBOX = "mailbox"
    SEND = "send"


class Scope(StrEnum):
    """Whom a failure concerns: what it stops, and no more."""

    RECIPIENT = "recipient"
    MESSAGE = "message"
    SENDER = "sender"
    MAILBOX = "mailbox"
    SERVER = "server"
    US = "us"


class Source(StrEnum):
    """Where we know a failure from. Only a SERVER's own words may make a message final."""

    SERVER = "server"
    NETWORK = "network"
    LOCAL = "local"


class Trouble(StrEnum):
    """What we saw ourselves, where the words of a server do not say it."""

    NONE = ""
    SETTINGS = "settings"
    SECRET_UNREADABLE = "secret_unreadable"  # noqa: S105 - a trouble
    NAME_NOT_FOUND = "name_not_found"
    NAME_SERVICE_FAILED = "name_service_failed"
    NOT_ALLOWED = "not_allowed"
    CONNECTION_REFUSED = "connection_refused"
    UNREACHABLE = "unreachable"
    TIMED_OUT = "timed_out"
    CONNECTION_CLOSED = "connection_closed"
    NOT_A_MAIL_SERVER = "not_a_mail_server"
    OTHER_SERVER = "other_server"
    REPLY_TOO_LONG = "reply_too_long"
    SPEAKS_TLS_AT_ONCE = "speaks_tls_at_once"
    SPEAKS_CLEAR_TEXT = "speaks_clear_text"
    STARTTLS_NOT_OFFERED = "starttls_not_offered"
    STARTTLS_TAMPERED = "starttls_tampered"
    CERTIFICATE_EXPIRED = "certificate_expired"
    CERTIFICATE_UNTRUSTED = "certificate_untrusted"
    CERTIFICATE_OTHER_NAME = "certificate_other_name"
    TLS_TOO_OLD = "tls_too_old"
    TLS_FAILED = "tls_failed"
    TLS_INTERRUPTED = "tls_interrupted"
    LOGIN_NOT_OFFERED = "login_not_offered"
    LOGIN_METHOD_MISSING = "login_method_missing"
    SMTPUTF8_NOT_OFFERED = "smtputf8_not_offered"
    MESSAGE_TOO_LARGE = "message_too_large"
    MESSAGE_MALFORMED = "message_malformed"
    ENOUGH_RECIPIENTS = "enough_recipients"


@dataclass(frozen=True, slots=True)
class Failure:
    """A classified no.

    `code` is the reply code or 0 where there was no reply; `text` holds the server's or
    the system's own words, bounded and without secrets. `trouble` is what we saw ourselves.
    `wait` is how many seconds the server asks us to wait, 0 where it does not say.
    `identifier` is the name that a web interface gives its error ("ErrorSendAsDenied").
    """

    stage: Stage
    scope: Scope
    is_temporary: bool
    source: Source
    text: str
    code: int = 0
    enhanced_code: str = ""
    trouble: Trouble = Trouble.NONE
    wait: float = 0
    identifier: str = ""


@dataclass(frozen=True, slots=True)
class Accepted:
    """The server took responsibility for this recipient."""

    reply: str


@dataclass(frozen=True, slots=True)
class Unanswered:
    """The content was handed over and no answer is known. Never to be resent blindly."""

    text: str


Verdict = Accepted | Failure | Unanswered


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one handing over: a verdict for each recipient of the envelope, in order."""

    verdicts: tuple[Verdict, ...]
    transcript: tuple[str, ...] = ()
    goes_on: bool = False
    """The envelope that was announced is on its way."""


class Resource(StrEnum):
    """What a token opens."""

    SMTP = "smtp"
    GRAPH = "graph"
    GMAIL = "gmail"


@dataclass(frozen=True, slots=True)
class Token:
    """A right to act, for an hour or so. `account` is the address that signed in, empty where
    an application acts by itself."""

    value: Secret
    scopes: frozenset[str]
    account: str
    expires_at: datetime


class Tokens(Protocol):
    """Where a route gets its tokens from, if it signs in by OAuth 2 (RFC 6749)."""

    is_app_only: bool

    def access_token(self, resource: Resource, *, refused: Secret | None = None) -> Token | Failure:
        """A token, kept or renewed; never `refused`, which the server has just refused."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a way out can take; None is not known, which does not mean without limit."""

    messages_per_minute: int | None = None
    messages_per_day: int | None = None
    recipients_per_day: int | None = None
    connections: int = 1


@dataclass(frozen=True, slots=True)
class Route:
    """Where and as whom to hand over: frozen and decrypted, for one sitting only.

    `settings` holds what the transport declared in `fields`. `ca_file` adds an authority;
    `allow_local` admits addresses of this machine (demo and tests), `allow_networks` those
    private networks that an administrator listed ("10.1.0.0/16"). `files_sent`: the server
    is known to put what it takes from us into the Sent folder by itself. With `tokens` it
    signs in by OAuth, and `secret` is empty.
    """

    transport: str
    sender: Address
    settings: Mapping[str, str | int]
    secret: Secret
    ca_file: str = ""
    allow_local: bool = False
    allow_networks: tuple[str, ...] = ()
    files_sent: bool = False
    tokens: Tokens | None = None


class Session(Protocol):
    """An open, logged-in way out."""

    @property
    def usable(self) -> bool:
        """False after any surprise: close it and open another."""

    def announce(
        self, envelope: Envelope, message: bytes, *, while_waiting: Callable[[], None]
    ) -> None:
        """Say what will be sent after the next `send`, whose content its envelope may then
        follow at once. Whoever sends something else instead, or nothing, loses the session.

        `while_waiting` is called once if that envelope is not answered within moments.
        """

    def send(
        self, envelope: Envelope, message: bytes, *, before_content: Callable[[], None]
    ) -> Outcome:
        """Hand the message over once.

        Calls `before_content` exactly when the next step cannot be taken back; if that
        raises, nothing is handed over and the exception passes through.
        """

    def close(self) -> None:
        """Say goodbye if that is still possible, and close. Never raises."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """No session could be opened."""

    failure: Failure
    transcript: tuple[str, ...] = ()


class FieldKind(StrEnum):
    """How a setting is entered."""

    HOST = "host"
    URI = "uri"
    PORT = "port"
    CHOICE = "choice"
    TEXT = "text"
    SECRET = "secret"  # noqa: S105 - a kind of field


@dataclass(frozen=True, slots=True)
class Field:
    """A setting that a transport needs, as forms and the API show it.

    Those of a `group` belong together, and can be left out together.
    """

    name: str
    label: str
    kind: FieldKind
    help: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    is_required: bool = True
    group: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one stage of a probe found. `failure` is None where the stage passed."""

    stage: Stage
    milliseconds: int
    detail: str
    failure: Failure | None = None
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return self.failure is None


class Found(StrEnum):
    """Whether a message lies in the mailbox's own Sent folder.

    ABSENT only where the server files by itself what it has taken, and is seen to do so.
    """

    FOUND = "found"
    ABSENT = "absent"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True, slots=True)
class Trace:
    """A message to look for, and when it was handed over."""

    message_id: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Search:
    """What a look into the Sent folder came to. `told` says it in a sentence.

    `failure` is what kept us from looking.
    """

    found: Found
    told: str
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class Copy:
    """A message that has left, to be filed in the mailbox's Sent folder as it was."""

    trace: Trace
    message: bytes


@dataclass(frozen=True, slots=True)
class Filed:
    """It lies there: in this folder, put there by us or before."""

    folder: str
    was_there: bool


@runtime_checkable
class Files(Protocol):
    """A transport that can put a copy into the Sent folder, where nobody else does."""

    def file_copies(self, route: Route, copies: Sequence[Copy]) -> tuple[Filed | Failure, ...]:
        """Put each there unless it is there already, with one login for all of them."""


class Transport(Protocol):
    """A way for bytes to leave the house.

    `size_limit` is the most octets of a message that it ever takes, `pace` how fast it may be
    used where no preset knows better. `saves_sent`: whether what is sent lies in the Sent
    folder afterwards; None where that depends on the provider.
    """

    name: str
    fields: tuple[Field, ...]
    stages: tuple[Stage, ...]
    size_limit: int | None
    pace: Limits
    saves_sent: bool | None

    def check(self, settings: Mapping[str, object]) -> dict[str, str | int]:
        """The settings, cleaned. Raises Refused with the field that is wrong."""

    def open(self, route: Route) -> Session | Refusal:
        """Connect, secure and log in."""

    def probe(self, route: Route, envelope: Envelope, message: bytes) -> Iterator[Finding]:
        """Walk through all stages, handing over one test message; ends at the first failure."""

    def find_sent(
        self, route: Route, message_id: str, since: datetime, *, witness: Trace | None = None
    ) -> Search:
        """Look for a message in the mailbox's Sent folder, with one login at most.

        `witness` is one that is known to have left by this mailbox: only where that can be
        found is the absence of another one believed.
        """
