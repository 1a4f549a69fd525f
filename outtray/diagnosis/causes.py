# ruff: noqa: S105 - labels of causes, not passwords
"""The causes that an explanation may name: a closed set, in families.

The labels are stable: they are stored, shown by the API and looked up in the advice.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Family(StrEnum):
    """Where a cause lies."""

    CREDENTIALS = "credentials"
    NETWORK = "network"
    TLS = "tls"
    SENDER = "sender"
    REPUTATION = "reputation"
    LIMITS = "limits"
    RECIPIENT = "recipient"
    MESSAGE = "message"
    SERVER = "server"
    OAUTH = "oauth"
    API = "api"
    EWS = "ews"
    OURS = "ours"


class Cause(StrEnum):
    """One label says why something failed."""

    WRONG_PASSWORD = "wrong_password"
    USERNAME_FORMAT_WRONG = "username_format_wrong"
    CREDENTIALS_NOT_SENT = "credentials_not_sent"
    APP_PASSWORD_REQUIRED = "app_password_required"
    WEB_LOGIN_REQUIRED = "web_login_required"
    SUSPICIOUS_LOGIN_BLOCKED = "suspicious_login_blocked"
    ACCOUNT_LOCKED = "account_locked"
    ACCOUNT_NOT_ACTIVATED = "account_not_activated"
    TOO_MANY_AUTH_FAILURES = "too_many_auth_failures"
    MFA_REQUIRED = "mfa_required"
    CONDITIONAL_ACCESS_BLOCK = "conditional_access_block"
    SECURITY_DEFAULTS_BLOCK = "security_defaults_block"
    SMTP_AUTH_DISABLED_TENANT = "smtp_auth_disabled_tenant"
    SMTP_AUTH_DISABLED_MAILBOX = "smtp_auth_disabled_mailbox"
    BASIC_AUTH_RETIRED = "basic_auth_retired"
    PROTOCOL_DISABLED = "protocol_disabled"
    AUTH_NOT_OFFERED = "auth_not_offered"
    AUTH_MECHANISM_UNSUPPORTED = "auth_mechanism_unsupported"
    AUTH_BACKEND_UNAVAILABLE = "auth_backend_unavailable"

    WRONG_HOST = "wrong_host"
    WRONG_PORT = "wrong_port"
    DNS_TEMPORARY_FAILURE = "dns_temporary_failure"
    PORT_BLOCKED = "port_blocked"
    SERVICE_NOT_LISTENING = "service_not_listening"
    REMOTE_UNREACHABLE = "remote_unreachable"
    IPV6_UNREACHABLE = "ipv6_unreachable"
    CONNECTION_DROPPED = "connection_dropped"
    MIDDLEBOX_INTERFERENCE = "middlebox_interference"

    IMPLICIT_TLS_ON_STARTTLS_PORT = "implicit_tls_on_starttls_port"
    STARTTLS_ON_IMPLICIT_TLS_PORT = "starttls_on_implicit_tls_port"
    TLS_REQUIRED = "tls_required"
    STARTTLS_NOT_OFFERED = "starttls_not_offered"
    CERTIFICATE_EXPIRED = "certificate_expired"
    CERTIFICATE_UNTRUSTED = "certificate_untrusted"
    CERTIFICATE_HOSTNAME_MISMATCH = "certificate_hostname_mismatch"
    TLS_VERSION_TOO_OLD = "tls_version_too_old"

    SENDER_NOT_ALLOWED = "sender_not_allowed"
    SENDER_NOT_VERIFIED = "sender_not_verified"
    SANDBOX_MODE = "sandbox_mode"
    SENDER_DOMAIN_INVALID = "sender_domain_invalid"
    RELAY_DENIED = "relay_denied"
    HELO_REJECTED = "helo_rejected"
    SPF_OR_DKIM_MISSING = "spf_or_dkim_missing"
    DMARC_POLICY_REJECT = "dmarc_policy_reject"
    PTR_MISSING = "ptr_missing"

    IP_BLOCKLISTED = "ip_blocklisted"
    SENDER_REPUTATION_LOW = "sender_reputation_low"
    ACCOUNT_SUSPENDED_SPAM = "account_suspended_spam"

    RATE_LIMITED = "rate_limited"
    DAILY_LIMIT = "daily_limit"
    PLAN_QUOTA_EXHAUSTED = "plan_quota_exhausted"
    TOO_MANY_CONNECTIONS = "too_many_connections"
    TOO_MANY_RECIPIENTS = "too_many_recipients"
    RECIPIENT_RATE_LIMITED = "recipient_rate_limited"
    GREYLISTED = "greylisted"

    MAILBOX_NOT_FOUND = "mailbox_not_found"
    MAILBOX_DISABLED = "mailbox_disabled"
    MAILBOX_FULL = "mailbox_full"
    RECIPIENT_REJECTED = "recipient_rejected"
    RECIPIENT_RESTRICTED = "recipient_restricted"
    RECIPIENT_DOMAIN_NOT_FOUND = "recipient_domain_not_found"
    RECIPIENT_SERVER_MISCONFIGURED = "recipient_server_misconfigured"
    INVALID_ADDRESS_SYNTAX = "invalid_address_syntax"
    SMTPUTF8_NOT_OFFERED = "smtputf8_not_offered"
    MAIL_LOOP = "mail_loop"
    DELIVERY_EXPIRED = "delivery_expired"

    MESSAGE_TOO_LARGE = "message_too_large"
    MALFORMED_MESSAGE = "malformed_message"
    ATTACHMENT_BLOCKED = "attachment_blocked"
    VIRUS_DETECTED = "virus_detected"
    SPAM_CONTENT_REJECTED = "spam_content_rejected"
    POLICY_REJECTED = "policy_rejected"

    SERVER_TEMPORARY_FAILURE = "server_temporary_failure"
    SERVER_OUT_OF_STORAGE = "server_out_of_storage"
    SENDER_MAILBOX_FULL = "sender_mailbox_full"

    OAUTH_CONSENT_MISSING = "oauth_consent_missing"
    OAUTH_SCOPE_INSUFFICIENT = "oauth_scope_insufficient"
    OAUTH_TOKEN_REVOKED = "oauth_token_revoked"
    OAUTH_TOKEN_REJECTED = "oauth_token_rejected"
    OAUTH_USER_MISMATCH = "oauth_user_mismatch"
    OAUTH_CLIENT_SECRET_EXPIRED = "oauth_client_secret_expired"
    OAUTH_CLIENT_SECRET_INVALID = "oauth_client_secret_invalid"
    OAUTH_APP_NOT_FOUND = "oauth_app_not_found"
    WRONG_TENANT = "wrong_tenant"
    OAUTH_DELEGATION_MISSING = "oauth_delegation_missing"

    MAILBOX_NOT_ENABLED = "mailbox_not_enabled"
    GRAPH_PERMISSION_MISSING = "graph_permission_missing"
    API_ACCESS_POLICY_DENIED = "api_access_policy_denied"
    API_NOT_ENABLED = "api_not_enabled"
    API_REQUEST_MALFORMED = "api_request_malformed"

    EWS_WRONG_URL = "ews_wrong_url"
    EWS_AUTODISCOVER_FAILED = "ews_autodiscover_failed"
    EWS_DOMAIN_FORMAT = "ews_domain_format"
    EWS_IMPERSONATION_DENIED = "ews_impersonation_denied"
    EWS_DISABLED = "ews_disabled"
    EWS_RETIRED = "ews_retired"
    EWS_VERSION_MISMATCH = "ews_version_mismatch"

    INTERRUPTED = "interrupted"
    SECRET_UNREADABLE = "secret_unreadable"
    NOT_ALLOWED_HERE = "not_allowed_here"


FAMILIES: Mapping[Family, tuple[Cause, ...]] = {
    Family.CREDENTIALS: (
        Cause.WRONG_PASSWORD,
        Cause.USERNAME_FORMAT_WRONG,
        Cause.CREDENTIALS_NOT_SENT,
        Cause.APP_PASSWORD_REQUIRED,
        Cause.WEB_LOGIN_REQUIRED,
        Cause.SUSPICIOUS_LOGIN_BLOCKED,
        Cause.ACCOUNT_LOCKED,
        Cause.ACCOUNT_NOT_ACTIVATED,
        Cause.TOO_MANY_AUTH_FAILURES,
        Cause.MFA_REQUIRED,
        Cause.CONDITIONAL_ACCESS_BLOCK,
        Cause.SECURITY_DEFAULTS_BLOCK,
        Cause.SMTP_AUTH_DISABLED_TENANT,
        Cause.SMTP_AUTH_DISABLED_MAILBOX,
        Cause.BASIC_AUTH_RETIRED,
        Cause.PROTOCOL_DISABLED,
        Cause.AUTH_NOT_OFFERED,
        Cause.AUTH_MECHANISM_UNSUPPORTED,
        Cause.AUTH_BACKEND_UNAVAILABLE,
    ),
    Family.NETWORK: (
        Cause.WRONG_HOST,
        Cause.WRONG_PORT,
        Cause.DNS_TEMPORARY_FAILURE,
        Cause.PORT_BLOCKED,
        Cause.SERVICE_NOT_LISTENING,
        Cause.REMOTE_UNREACHABLE,
        Cause.IPV6_UNREACHABLE,
        Cause.CONNECTION_DROPPED,
        Cause.MIDDLEBOX_INTERFERENCE,
    ),
    Family.TLS: (
        Cause.IMPLICIT_TLS_ON_STARTTLS_PORT,
        Cause.STARTTLS_ON_IMPLICIT_TLS_PORT,
        Cause.TLS_REQUIRED,
        Cause.STARTTLS_NOT_OFFERED,
        Cause.CERTIFICATE_EXPIRED,
        Cause.CERTIFICATE_UNTRUSTED,
        Cause.CERTIFICATE_HOSTNAME_MISMATCH,
        Cause.TLS_VERSION_TOO_OLD,
    ),
    Family.SENDER: (
        Cause.SENDER_NOT_ALLOWED,
        Cause.SENDER_NOT_VERIFIED,
        Cause.SANDBOX_MODE,
        Cause.SENDER_DOMAIN_INVALID,
        Cause.RELAY_DENIED,
        Cause.HELO_REJECTED,
        Cause.SPF_OR_DKIM_MISSING,
        Cause.DMARC_POLICY_REJECT,
        Cause.PTR_MISSING,
    ),
    Family.REPUTATION: (
        Cause.IP_BLOCKLISTED,
        Cause.SENDER_REPUTATION_LOW,
        Cause.ACCOUNT_SUSPENDED_SPAM,
    ),
    Family.LIMITS: (
        Cause.RATE_LIMITED,
        Cause.DAILY_LIMIT,
        Cause.PLAN_QUOTA_EXHAUSTED,
        Cause.TOO_MANY_CONNECTIONS,
        Cause.TOO_MANY_RECIPIENTS,
        Cause.RECIPIENT_RATE_LIMITED,
        Cause.GREYLISTED,
    ),
    Family.RECIPIENT: (
        Cause.MAILBOX_NOT_FOUND,
        Cause.MAILBOX_DISABLED,
        Cause.MAILBOX_FULL,
        Cause.RECIPIENT_REJECTED,
        Cause.RECIPIENT_RESTRICTED,
        Cause.RECIPIENT_DOMAIN_NOT_FOUND,
        Cause.RECIPIENT_SERVER_MISCONFIGURED,
        Cause.INVALID_ADDRESS_SYNTAX,
        Cause.SMTPUTF8_NOT_OFFERED,
        Cause.MAIL_LOOP,
        Cause.DELIVERY_EXPIRED,
    ),
    Family.MESSAGE: (
        Cause.MESSAGE_TOO_LARGE,
        Cause.MALFORMED_MESSAGE,
        Cause.ATTACHMENT_BLOCKED,
        Cause.VIRUS_DETECTED,
        Cause.SPAM_CONTENT_REJECTED,
        Cause.POLICY_REJECTED,
    ),
    Family.SERVER: (
        Cause.SERVER_TEMPORARY_FAILURE,
        Cause.SERVER_OUT_OF_STORAGE,
        Cause.SENDER_MAILBOX_FULL,
    ),
    Family.OAUTH: (
        Cause.OAUTH_CONSENT_MISSING,
        Cause.OAUTH_SCOPE_INSUFFICIENT,
        Cause.OAUTH_TOKEN_REVOKED,
        Cause.OAUTH_TOKEN_REJECTED,
        Cause.OAUTH_USER_MISMATCH,
        Cause.OAUTH_CLIENT_SECRET_EXPIRED,
        Cause.OAUTH_CLIENT_SECRET_INVALID,
        Cause.OAUTH_APP_NOT_FOUND,
        Cause.WRONG_TENANT,
        Cause.OAUTH_DELEGATION_MISSING,
    ),
    Family.API: (
        Cause.MAILBOX_NOT_ENABLED,
        Cause.GRAPH_PERMISSION_MISSING,
        Cause.API_ACCESS_POLICY_DENIED,
        Cause.API_NOT_ENABLED,
        Cause.API_REQUEST_MALFORMED,
    ),
    Family.EWS: (
        Cause.EWS_WRONG_URL,
        Cause.EWS_AUTODISCOVER_FAILED,
        Cause.EWS_DOMAIN_FORMAT,
        Cause.EWS_IMPERSONATION_DENIED,
        Cause.EWS_DISABLED,
        Cause.EWS_RETIRED,
        Cause.EWS_VERSION_MISMATCH,
    ),
    Family.OURS: (
        Cause.INTERRUPTED,
        Cause.SECRET_UNREADABLE,
        Cause.NOT_ALLOWED_HERE,
    ),
}

FAMILY_OF: Mapping[Cause, Family] = {
    cause: family for family, causes in FAMILIES.items() for cause in causes
}
