"""What a failure is explained with: its cause, its first steps, and what is offered."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outtray.diagnosis.causes import FAMILY_OF, Cause
from outtray.diagnosis.explain import Explanation, explain
from outtray.transports.base import Failure, Scope, Source, Stage, Trouble

PLAIN = {"host": "mail.nordwind.example", "port": 587, "security": "starttls"}
GMAIL = {"host": "smtp.gmail.com", "port": 587, "security": "starttls"}
MICROSOFT = {"host": "smtp.office365.com", "port": 587, "security": "starttls"}


def explained(
    stage: Stage,
    text: str = "",
    *,
    code: int = 0,
    enhanced: str = "",
    trouble: Trouble = Trouble.NONE,
    settings: Mapping[str, object] = PLAIN,
    address: str = "ben@nordwind.example",
) -> Explanation:
    failure = Failure(
        stage=stage,
        scope=Scope.MAILBOX,
        is_temporary=False,
        source=Source.SERVER,
        text=text,
        code=code,
        enhanced_code=enhanced,
        trouble=trouble,
    )
    return explain(failure, transport="smtp", settings=settings, address=address)


@pytest.mark.parametrize(
    ("stage", "code", "enhanced", "text", "cause"),
    [
        (Stage.LOGIN, 535, "5.7.8", "authentication failed", "wrong_password"),
        (Stage.LOGIN, 535, "", "Anmeldung fehlgeschlagen", "wrong_password"),
        (Stage.LOGIN, 454, "4.7.0", "Temporary authentication failure",
         "auth_backend_unavailable"),
        (Stage.LOGIN, 503, "5.5.1", "authentication not enabled", "auth_not_offered"),
        (Stage.LOGIN, 535, "5.7.0", "Account locked, contact support", "account_locked"),
        (Stage.LOGIN, 535, "5.7.139", "Authentication unsuccessful, SmtpClientAuthentication is "
         "disabled for the Mailbox", "smtp_auth_disabled_mailbox"),
        (Stage.LOGIN, 535, "5.7.139", "user is locked by your organization's security defaults "
         "policy", "security_defaults_block"),
        (Stage.LOGIN, 550, "5.7.30", "Basic authentication is not supported for Client "
         "Submission", "basic_auth_retired"),
        (Stage.LOGIN, 538, "5.7.11", "Encryption required for requested authentication mechanism",
         "tls_required"),
        (Stage.SENDER, 530, "5.7.0", "Must issue a STARTTLS command first", "tls_required"),
        (Stage.SENDER, 530, "5.7.1", "Authentication required", "credentials_not_sent"),
        (Stage.SENDER, 553, "5.7.1", "Sender address rejected: not owned by user ben",
         "sender_not_allowed"),
        (Stage.SENDER, 550, "", "Der Absender darf diese Adresse nicht verwenden",
         "sender_not_allowed"),
        (Stage.RECIPIENT, 554, "5.7.1", "Relay access denied", "relay_denied"),
        (Stage.RECIPIENT, 550, "5.1.1", "User unknown in virtual mailbox table",
         "mailbox_not_found"),
        (Stage.RECIPIENT, 550, "", "Empfänger unbekannt", "mailbox_not_found"),
        (Stage.RECIPIENT, 550, "", "No such user here", "mailbox_not_found"),
        (Stage.RECIPIENT, 550, "", "El usuario no existe", "mailbox_not_found"),
        (Stage.RECIPIENT, 550, "", "Cette adresse n'existe pas", "mailbox_not_found"),
        (Stage.RECIPIENT, 553, "5.1.2", "Unable to find the recipient domain",
         "recipient_domain_not_found"),
        (Stage.RECIPIENT, 452, "4.2.2", "Mailbox full", "mailbox_full"),
        (Stage.RECIPIENT, 552, "", "Das Postfach ist voll", "mailbox_full"),
        (Stage.RECIPIENT, 550, "", "La boîte aux lettres est pleine", "mailbox_full"),
        (Stage.RECIPIENT, 450, "4.7.1", "Greylisted, try again in 300 seconds", "greylisted"),
        (Stage.RECIPIENT, 450, "", "Mail send limit exceeded", "rate_limited"),
        (Stage.RECIPIENT, 550, "5.4.5", "Daily user sending limit exceeded", "daily_limit"),
        (Stage.SENDER, 432, "4.3.2", "Concurrent connections limit exceeded",
         "too_many_connections"),
        (Stage.CONTENT, 552, "5.3.4", "Message size exceeds fixed limit", "message_too_large"),
        (Stage.CONTENT, 554, "", "Rejected as SPAM", "spam_content_rejected"),
        (Stage.CONTENT, 550, "5.7.26", "fails to pass authentication checks (SPF, DKIM)",
         "spf_or_dkim_missing"),
        (Stage.ANSWER, 554, "5.7.1", "Reject due to policy restrictions", "policy_rejected"),
        (Stage.CONTENT, 552, "5.7.0", "This attachment type is not allowed",
         "attachment_blocked"),
        (Stage.CONTENT, 550, "", "Infected by a virus: EICAR", "virus_detected"),
        (Stage.CONTENT, 451, "4.3.0", "Local error in processing", "server_temporary_failure"),
        (Stage.RECIPIENT, 550, "5.1.8", "Access denied, bad outbound sender",
         "account_suspended_spam"),
    ],
)  # fmt: skip
def test_a_servers_words_tell_the_cause(
    stage: Stage, code: int, enhanced: str, text: str, cause: str
) -> None:
    assert explained(stage, text, code=code, enhanced=enhanced).cause == cause


@pytest.mark.parametrize(
    ("stage", "trouble", "settings", "cause"),
    [
        (Stage.DNS, Trouble.NAME_NOT_FOUND, PLAIN, "wrong_host"),
        (Stage.DNS, Trouble.NAME_SERVICE_FAILED, PLAIN, "dns_temporary_failure"),
        (Stage.CONNECT, Trouble.CONNECTION_REFUSED, PLAIN, "service_not_listening"),
        (Stage.CONNECT, Trouble.CONNECTION_REFUSED, {**PLAIN, "port": 8080}, "wrong_port"),
        (Stage.CONNECT, Trouble.TIMED_OUT, PLAIN, "port_blocked"),
        (Stage.CONNECT, Trouble.TIMED_OUT, {**MICROSOFT, "port": 465}, "wrong_port"),
        (Stage.CONNECT, Trouble.UNREACHABLE, PLAIN, "remote_unreachable"),
        (Stage.GREETING, Trouble.NOT_A_MAIL_SERVER, PLAIN, "wrong_port"),
        (Stage.GREETING, Trouble.TIMED_OUT, {**PLAIN, "port": 465},
         "starttls_on_implicit_tls_port"),
        (Stage.GREETING, Trouble.SPEAKS_TLS_AT_ONCE, PLAIN, "starttls_on_implicit_tls_port"),
        (Stage.TLS, Trouble.SPEAKS_CLEAR_TEXT, {**PLAIN, "security": "tls"},
         "implicit_tls_on_starttls_port"),
        (Stage.TLS, Trouble.STARTTLS_NOT_OFFERED, PLAIN, "starttls_not_offered"),
        (Stage.TLS, Trouble.STARTTLS_NOT_OFFERED, GMAIL, "middlebox_interference"),
        (Stage.TLS, Trouble.CERTIFICATE_EXPIRED, PLAIN, "certificate_expired"),
        (Stage.TLS, Trouble.CERTIFICATE_UNTRUSTED, PLAIN, "certificate_untrusted"),
        (Stage.TLS, Trouble.CERTIFICATE_OTHER_NAME, PLAIN, "certificate_hostname_mismatch"),
        (Stage.TLS, Trouble.TLS_TOO_OLD, PLAIN, "tls_version_too_old"),
        (Stage.TLS, Trouble.TIMED_OUT, {**PLAIN, "port": 9000, "security": "tls"}, "wrong_port"),
        (Stage.LOGIN, Trouble.LOGIN_NOT_OFFERED, PLAIN, "auth_not_offered"),
        (Stage.DNS, Trouble.NOT_ALLOWED, {**PLAIN, "host": "localhost"}, "wrong_host"),
        (Stage.DNS, Trouble.NOT_ALLOWED, {**PLAIN, "port": 993}, "wrong_port"),
        (Stage.DNS, Trouble.NOT_ALLOWED, PLAIN, "not_allowed_here"),
        (Stage.CONTENT, Trouble.MESSAGE_TOO_LARGE, PLAIN, "message_too_large"),
        (Stage.RECIPIENT, Trouble.SMTPUTF8_NOT_OFFERED, PLAIN, "smtputf8_not_offered"),
    ],
)  # fmt: skip
def test_what_we_saw_ourselves_tells_the_cause(
    stage: Stage, trouble: Trouble, settings: Mapping[str, object], cause: str
) -> None:
    assert explained(stage, trouble=trouble, settings=settings).cause == cause


def test_advice_begins_with_its_first_step_where_no_provider_is_known() -> None:
    told = explained(Stage.GREETING, trouble=Trouble.NOT_A_MAIL_SERVER)

    assert told.steps == ("Usual are 587 with STARTTLS, and 465 with TLS.", "Press Validate again.")


def test_gmail_sends_its_user_to_the_app_passwords() -> None:
    told = explained(
        Stage.LOGIN,
        "5.7.8 Username and Password not accepted. For more information, go to ... - gsmtp",
        code=535,
        enhanced="5.7.8",
        settings=GMAIL,
        address="ben@gmail.com",
    )

    assert told.cause == Cause.APP_PASSWORD_REQUIRED
    assert any("https://myaccount.google.com/apppasswords" in step for step in told.steps)
    assert "Gmail" in told.headline
    assert "5.7.1 Authentication Required" in told.familiar
    assert told.actor == "you"


def test_microsoft_365_names_the_administrator_and_the_switch() -> None:
    told = explained(
        Stage.LOGIN,
        "5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant",
        code=535,
        enhanced="5.7.139",
        settings=MICROSOFT,
    )

    assert told.cause == Cause.SMTP_AUTH_DISABLED_TENANT
    assert told.actor == "mail_administrator"
    assert any("Authenticated SMTP" in step for step in told.steps)


def test_a_port_that_speaks_tls_at_once_offers_tls() -> None:
    told = explained(Stage.GREETING, trouble=Trouble.SPEAKS_TLS_AT_ONCE)

    assert told.offer is not None
    assert told.offer.settings == {"security": "tls"}


def test_a_wrong_server_of_a_known_address_offers_the_right_one() -> None:
    settings = {"host": "smtp.gmial.com", "port": 587, "security": "starttls"}

    told = explained(
        Stage.DNS, trouble=Trouble.NAME_NOT_FOUND, settings=settings, address="ben@gmail.com"
    )

    assert told.offer is not None
    assert told.offer.settings == {"host": "smtp.gmail.com", "port": 465, "security": "tls"}
    assert "smtp.gmail.com" in told.offer.label


def test_a_user_name_that_lacks_its_domain_offers_the_address() -> None:
    told = explained(Stage.LOGIN, "failed", code=535, settings={**PLAIN, "username": "ben"})

    assert told.offer is not None
    assert told.offer.settings == {"username": "ben@nordwind.example"}


def test_a_step_whose_words_are_not_known_is_left_out() -> None:
    told = explained(Stage.LOGIN, "failed", code=535)

    assert told.steps
    assert not any("{" in step or "app password at" in step for step in told.steps)


def test_nothing_is_offered_that_is_set_already() -> None:
    settings = {**PLAIN, "username": "ben@nordwind.example"}

    told = explained(Stage.LOGIN, "failed", code=535, settings=settings)

    assert told.offer is None


@pytest.mark.parametrize(
    ("identifier", "text", "cause"),
    [
        ("ErrorSendAsDenied", "The user account does not have the right", "sender_not_allowed"),
        ("MailboxNotEnabledForRESTAPI", "REST API is not yet supported", "mailbox_not_enabled"),
        ("ErrorAccessDenied", "Access is denied.", "graph_permission_missing"),
        ("AADSTS7000222", "The provided client secret keys are expired",
         "oauth_client_secret_expired"),
        ("invalid_grant", "Token has been expired or revoked.", "oauth_token_revoked"),
        ("user_mismatch", "signed in as anna@nordwind.example", "oauth_user_mismatch"),
    ],
)  # fmt: skip
def test_the_name_that_an_interface_gives_its_error_tells_the_cause(
    identifier: str, text: str, cause: str
) -> None:
    failure = Failure(
        Stage.SEND, Scope.MAILBOX, is_temporary=False, source=Source.SERVER, text=text,
        identifier=identifier,
    )  # fmt: skip

    told = explain(failure, transport="graph", settings={}, address="ben@nordwind.example")

    assert told.cause == cause


@pytest.mark.parametrize(
    "typed", ["NORDWIND\\ben", "https://nordwind.example", '"nordwind.example"']
)
def test_a_domain_in_another_form_is_told_and_the_right_form_offered(typed: str) -> None:
    failure = Failure(
        Stage.LOGIN, Scope.MAILBOX, is_temporary=False, source=Source.SERVER,
        text="401 Unauthorized", code=401,
    )  # fmt: skip
    settings = {"uri": "https://mail.nordwind.example/EWS/Exchange.asmx", "domain": typed}

    told = explain(failure, transport="ews", settings=settings, address="ben@nordwind.example")

    assert told.cause == "ews_domain_format"
    assert "company.com" in told.familiar
    if "." in typed:
        assert told.offer is not None
        assert told.offer.settings == {"domain": "nordwind.example"}


@pytest.mark.parametrize(
    ("offered", "security", "cause"),
    [
        (("SIZE 1000", "STARTTLS"), "none", "tls_required"),
        (("SIZE 1000", "8BITMIME"), "starttls", "auth_not_offered"),
        (("AUTH PLAIN LOGIN",), "starttls", "wrong_password"),
        ((), "starttls", "wrong_password"),
    ],
)
def test_what_a_server_offers_tells_more_than_its_refusal(
    offered: tuple[str, ...], security: str, cause: str
) -> None:
    failure = Failure(
        Stage.LOGIN, Scope.MAILBOX, is_temporary=False, source=Source.SERVER,
        text="Access denied", code=535,
    )  # fmt: skip

    told = explain(
        failure, transport="smtp", settings={**PLAIN, "security": security},
        address="ben@nordwind.example", offered=offered,
    )  # fmt: skip

    assert told.cause == cause


def test_what_a_second_look_has_found_is_offered() -> None:
    failure = Failure(
        Stage.CONNECT, Scope.MAILBOX, is_temporary=False, source=Source.SERVER,
        text="404 Not Found", code=404, identifier="EwsWrongUrl",
    )  # fmt: skip
    found = {"uri": "https://mail.nordwind.example/EWS/Exchange.asmx"}

    told = explain(
        failure, transport="ews", settings={"uri": "https://mail.nordwind.example/owa"},
        address="ben@nordwind.example", facts=found,
    )  # fmt: skip

    assert told.cause == "ews_wrong_url"
    assert told.offer is not None
    assert told.offer.settings == found


def test_a_web_address_in_place_of_a_server_offers_the_servers_name() -> None:
    settings = {**PLAIN, "host": "https://mail.nordwind.example/"}

    told = explained(Stage.SETTINGS, trouble=Trouble.SETTINGS, settings=settings)

    assert told.cause == "wrong_host"
    assert told.offer is not None
    assert told.offer.settings == {"host": "mail.nordwind.example"}


def test_each_cause_belongs_to_one_family() -> None:
    assert set(FAMILY_OF) == set(Cause)


@given(
    stage=st.sampled_from(Stage),
    code=st.sampled_from([0, 200, 421, 450, 500, 530, 535, 550, 552, 554, 999]),
    text=st.text(max_size=200),
    trouble=st.sampled_from(Trouble),
    host=st.text(max_size=20),
    port=st.one_of(st.integers(), st.text(max_size=5)),
)
def test_whatever_is_said_there_is_one_cause_with_a_headline(
    stage: Stage, code: int, text: str, trouble: Trouble, host: str, port: int | str
) -> None:
    told = explained(stage, text, code=code, trouble=trouble, settings={"host": host, "port": port})

    assert told.cause in Cause
    assert told.headline
    assert told.steps
    assert json.loads(json.dumps(told.to_json()))["cause"] == told.cause
