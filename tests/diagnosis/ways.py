"""Ways to be misconfigured: how the server is wrong, what is typed, and what must be said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.diagnosis.strange_ways import NEIGHBOUR
from tests.servers.misconfigured import LOCKED, PASSWORD, Service, own_address

BEN = "ben@nordwind.example"

HALF_OPEN = own_address()  # 465 wrongly in clear text, 587 as it should be
SWAPPED = own_address()  # 587 with TLS from the start
BARE = own_address()  # 587 without encryption, 465 as it should be
CLOSED = own_address()  # nothing on 587, 465 as it should be

_CLEAR = "smtpd_tls_security_level=none"
_AT_ONCE = "smtpd_tls_wrappermode=yes"
_LOGIN_ANYHOW = "smtpd_tls_auth_only=no"
_EARLY = "smtpd_delay_reject=no"


RIGHT = Service()


@dataclass(frozen=True, slots=True)
class Way:
    """`typed` differs from the right settings; `causes` are those that are right, none where
    it works; `offer` is what the button must set. `before` repeats the probe once."""

    service: Service = RIGHT
    typed: Mapping[str, Any] = field(default_factory=dict)
    causes: tuple[str, ...] = ()
    offer: Mapping[str, str | int] | None = None
    before: bool = False
    password: str = PASSWORD
    address: str = BEN


def _refusing(where: str, answer: str) -> str:
    return f"smtpd_{where}_restrictions=check_{where}_access regexp:{{{{/./ {answer}}}}}"


WAYS: Mapping[str, Way] = {
    "nothing is wrong": Way(),
    "nothing is wrong at the neighbour's": Way(
        Service(ip=NEIGHBOUR, port=587), {"host": NEIGHBOUR}
    ),
    "nothing is wrong, and only AUTH LOGIN is offered": Way(
        Service(("smtpd_sasl_path=AUTH/login_only",))
    ),
    "TLS on a port that begins in clear text": Way(
        typed={"security": "tls"},
        causes=("implicit_tls_on_starttls_port",),
        offer={"security": "starttls"},
    ),
    "STARTTLS on a port that speaks TLS at once": Way(
        Service((_AT_ONCE,)),
        causes=("starttls_on_implicit_tls_port",),
        offer={"security": "tls"},
    ),
    "clear text on 465": Way(
        Service((_CLEAR,), ip=HALF_OPEN, port=465),
        {"host": HALF_OPEN, "security": "tls"},
        causes=("implicit_tls_on_starttls_port",),
        offer={"port": 587, "security": "starttls"},
    ),
    "the port beside it is right": Way(Service(ip=HALF_OPEN, port=587), {"host": HALF_OPEN}),
    "TLS on 587": Way(
        Service((_AT_ONCE,), ip=SWAPPED, port=587),
        {"host": SWAPPED},
        causes=("starttls_on_implicit_tls_port",),
        offer={"security": "tls"},
    ),
    "no STARTTLS on 587, but TLS on 465": Way(
        Service((_CLEAR,), ip=BARE, port=587),
        {"host": BARE},
        causes=("starttls_not_offered",),
        offer={"port": 465, "security": "tls"},
    ),
    "465 of the same server": Way(
        Service((_AT_ONCE,), ip=BARE, port=465), {"host": BARE, "security": "tls"}
    ),
    "no STARTTLS at all, within this machine": Way(
        Service((_CLEAR, _LOGIN_ANYHOW)),
        causes=("starttls_not_offered",),
        offer={"security": "none"},
    ),
    "nothing listens on 587, but on 465": Way(
        Service((_AT_ONCE,), ip=CLOSED, port=465),
        {"host": CLOSED, "port": 587},
        causes=("service_not_listening", "wrong_port"),
        offer={"port": 465, "security": "tls"},
    ),
    "TLS is required": Way(
        Service(("smtpd_tls_security_level=encrypt",)),
        {"security": "none", "username": ""},
        causes=("tls_required",),
        offer={"security": "starttls"},
    ),
    "TLS is required, and a login is set up": Way(
        Service(("smtpd_tls_security_level=encrypt",)),
        {"security": "none"},
        causes=("tls_required",),
        offer={"security": "starttls"},
    ),
    "a login only after TLS": Way(
        typed={"security": "none"},
        causes=("auth_not_offered",),
        offer={"security": "starttls"},
    ),
    "no login at all": Way(Service(("smtpd_sasl_auth_enable=no",)), causes=("auth_not_offered",)),
    "an expired certificate": Way(Service(certificate="expired"), causes=("certificate_expired",)),
    "a certificate of a foreign authority": Way(
        Service(certificate="foreign"), causes=("certificate_untrusted",)
    ),
    "a self-signed certificate": Way(
        Service(certificate="self-signed"), causes=("certificate_untrusted",)
    ),
    "a certificate of another name": Way(
        Service(certificate="of another name"), causes=("certificate_hostname_mismatch",)
    ),
    "a certificate of the name that should have been typed": Way(
        Service(certificate="of localhost"),
        causes=("certificate_hostname_mismatch",),
        offer={"host": "localhost"},
    ),
    "a certificate of the name that should have been typed, with TLS at once": Way(
        Service((_AT_ONCE,), certificate="of localhost"),
        {"security": "tls"},
        causes=("certificate_hostname_mismatch",),
        offer={"host": "localhost"},
    ),
    "no certificate that can be read": Way(
        Service(("smtpd_tls_cert_file=/nowhere.pem",)),
        causes=("server_temporary_failure", "starttls_not_offered"),
    ),
    "TLS 1.0 only": Way(
        Service(("smtpd_tls_protocols=TLSv1", "smtpd_tls_mandatory_protocols=TLSv1")),
        causes=("tls_version_too_old",),
    ),
    "TLS 1.0 only, at once": Way(
        Service((_AT_ONCE, "smtpd_tls_protocols=TLSv1", "smtpd_tls_mandatory_protocols=TLSv1")),
        {"security": "tls"},
        causes=("tls_version_too_old",),
    ),
    "CRAM-MD5 only": Way(
        Service(("smtpd_sasl_path=AUTH/cram_md5",)), causes=("auth_mechanism_unsupported",)
    ),
    "a wrong password": Way(password="not the password", causes=("wrong_password",)),
    "a user that is not there": Way(
        typed={"username": "nobody@nordwind.example"},
        causes=("wrong_password",),
        offer={"username": BEN},
    ),
    "a user name without its domain": Way(
        typed={"username": "ben"},
        causes=("username_format_wrong",),
        offer={"username": BEN},
    ),
    "a locked user": Way(
        Service(
            (
                "smtpd_sender_restrictions=check_sasl_access "
                f"inline:{{{{{LOCKED} = REJECT Your account is locked}}}}",
            )
        ),
        {"username": LOCKED},
        causes=("account_locked",),
        address=LOCKED,
    ),
    "the backend of the login is down": Way(
        Service(("smtpd_sasl_path=AUTH/failing",)), causes=("auth_backend_unavailable",)
    ),
    "the service of the login is gone": Way(
        Service(("smtpd_sasl_path=AUTH/nowhere",)),
        causes=("connection_dropped", "auth_backend_unavailable"),
    ),
    "an address of somebody else": Way(
        address="locked@nordwind.example", causes=("sender_not_allowed",)
    ),
    "no login made": Way(
        Service(("smtpd_sender_restrictions=reject_sender_login_mismatch",)),
        {"username": ""},
        causes=("credentials_not_sent",),
        offer={"username": BEN},
    ),
    "no relaying": Way(
        Service(("smtpd_sasl_auth_enable=no", "smtpd_sender_restrictions=")),
        {"username": ""},
        address="ben@suedhang.example",
        causes=("relay_denied",),
    ),
    "a domain of the sender that is not there": Way(
        Service((_refusing("sender", "450 4.1.8 Domain not found"),)),
        causes=("sender_domain_invalid",),
    ),
    "a size limit below the test mail": Way(
        Service(("message_size_limit=500",)), causes=("message_too_large",)
    ),
    "greylisting": Way(
        Service((_refusing("recipient", "450 4.2.0 Greylisted, try again in 300 seconds"),)),
        causes=("greylisted",),
    ),
    "an inbox over its quota": Way(
        Service((_refusing("recipient", "452 4.2.2 Mailbox full, quota exceeded"),)),
        causes=("mailbox_full", "sender_mailbox_full"),
    ),
    "a recipient that is unknown": Way(
        Service(
            (
                "virtual_mailbox_maps=inline:{{ anna@nordwind.example=inbox/ }}",
                "smtpd_recipient_restrictions=reject_unlisted_recipient",
            )
        ),
        causes=("mailbox_not_found",),
    ),
    "a recipient that is refused": Way(
        Service((_refusing("recipient", "REJECT"),)), causes=("recipient_rejected",)
    ),
    "421 at the greeting": Way(
        Service((_EARLY, _refusing("client", "421 4.3.2 Service not available, try later"))),
        causes=("server_temporary_failure",),
    ),
    "554 at the greeting, for a block list": Way(
        Service((_EARLY, _refusing("client", "554 5.7.1 Service unavailable; blocked using zen"))),
        causes=("ip_blocklisted",),
    ),
    "no name for our address": Way(
        Service(("smtpd_client_restrictions=reject_unknown_client_hostname",)),
        causes=("ptr_missing",),
    ),
    "the EHLO name is refused": Way(
        Service((_EARLY, _refusing("helo", "550 5.7.1 Helo name not acceptable"))),
        causes=("helo_rejected",),
    ),
    "too many connections": Way(
        Service(("smtpd_client_connection_rate_limit=1",)),
        before=True,
        causes=("too_many_connections", "rate_limited"),
    ),
    "too many logins": Way(
        Service(("smtpd_client_auth_rate_limit=1",)),
        before=True,
        causes=("too_many_auth_failures", "rate_limited"),
    ),
    "too many messages": Way(
        Service(("smtpd_client_message_rate_limit=1",)),
        before=True,
        causes=("rate_limited",),
    ),
    "too many recipients": Way(
        Service(("smtpd_client_recipient_rate_limit=1",)),
        before=True,
        causes=("rate_limited", "too_many_recipients"),
    ),
    "too many errors": Way(
        Service(("smtpd_hard_error_limit=1", "smtpd_soft_error_limit=1")),
        password="not the password",
        causes=("wrong_password",),
    ),
    "a full disk": Way(
        Service(("queue_minfree=900000000000000",)), causes=("server_out_of_storage",)
    ),
    "content that is refused": Way(
        Service(("cleanup_service_name=strict",)),
        causes=("policy_rejected", "spam_content_rejected"),
    ),
    "a filter that is down": Way(
        Service(("smtpd_milters=unix:/nowhere", "milter_default_action=tempfail")),
        causes=("server_temporary_failure",),
    ),
    "a policy service that is down": Way(
        Service(("smtpd_recipient_restrictions=check_policy_service unix:/nowhere",)),
        causes=("server_temporary_failure", "recipient_server_misconfigured"),
    ),
    "the banner of another provider": Way(
        Service(("smtpd_banner=smtp.gmail.com ESMTP a1b2c3 - gsmtp",)),
        causes=("wrong_host", "middlebox_interference"),
        offer={"host": "smtp.gmail.com", "port": 465, "security": "tls"},
    ),
    "the banner of a mail store": Way(
        Service(("smtpd_banner=mail.nordwind.example LMTP ready",)), causes=("wrong_port",)
    ),
    "an address that needs SMTPUTF8": Way(
        Service(("smtputf8_enable=no",)),
        address="bén@nordwind.example",
        causes=("smtputf8_not_offered",),
    ),
}
