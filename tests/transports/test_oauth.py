"""What is believed of a sign-in, and what each answer of a token endpoint means."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from outtray.lib.sealing import Secret
from outtray.transports.base import Failure, Resource, Scope, Stage, Trouble
from outtray.transports.oauth.answers import Granted, granted_or_failure
from outtray.transports.oauth.assertions import client_assertion, verifier_and_challenge
from outtray.transports.oauth.grants import AuthorizationRequest, authorize_url
from outtray.transports.oauth.identity import Identity, identity_in, is_same, mismatch
from outtray.transports.oauth.providers import CLOUDS, graph_url, missing, provider_for
from outtray.transports.web import Answer, NoAnswer
from tests.servers.oauth.server import Certified

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TENANT = "7a1c2f84-3b5d-4e6f-8a90-b1c2d3e4f506"
GOOGLE = provider_for("google")
MICROSOFT = provider_for("microsoft")
CLAIMS = {
    "iss": f"https://login.microsoftonline.com/{TENANT}/v2.0",
    "aud": "our-id",
    "sub": "s-1",
    "tid": TENANT,
    "nonce": "once",
    "exp": AT.timestamp() + 3600,
    "preferred_username": "ben@nordwind.example",
}
OF_GOOGLE = {
    **CLAIMS,
    "iss": "https://accounts.google.com",
    "email": "ben@nordwind.example",
    "email_verified": True,
}


def answer(status: int, body: object, **headers: str) -> Answer:
    text = body if isinstance(body, str) else json.dumps(body)
    return Answer(status, headers, text.encode())


def id_token(claims: object) -> str:
    parts = ({"alg": "RS256"}, claims)
    coded = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode() for part in parts]
    return ".".join((*(part.rstrip("=") for part in coded), "signature"))


def judged(claims: object, *, google: bool = False) -> Identity | Failure:
    provider = GOOGLE if google else MICROSOFT
    return identity_in(id_token(claims), provider, client_id="our-id", nonce="once", at=AT)


def test_who_signed_in_is_read_from_the_id_token() -> None:
    assert judged(CLAIMS) == Identity("ben@nordwind.example", "s-1")
    assert judged(OF_GOOGLE, google=True) == Identity("ben@nordwind.example", "s-1")
    assert judged({**OF_GOOGLE, "iss": "accounts.google.com"}, google=True) == Identity(
        "ben@nordwind.example", "s-1"
    )


@pytest.mark.parametrize(
    "change",
    [
        {"iss": "https://login.thief.example/v2.0"},
        {"iss": "https://login.microsoftonline.com/another/v2.0"},
        {"iss": None},
        {"aud": "another-app"},
        {"aud": ["another-app"]},
        {"aud": None},
        {"nonce": "another"},
        {"nonce": None},
        {"nonce": "önce"},
        {"exp": AT.timestamp() - 3600},
        {"exp": "tomorrow"},
        {"exp": None},
        {"preferred_username": "Ben Behrens"},
        {"preferred_username": None},
    ],
)
def test_an_id_token_for_somebody_or_something_else_is_not_believed(
    change: dict[str, object],
) -> None:
    failure = judged({**CLAIMS, **change})

    assert isinstance(failure, Failure)
    assert (failure.stage, failure.is_temporary) == (Stage.IDENTITY, False)


def test_an_address_that_google_has_not_verified_is_not_believed() -> None:
    assert isinstance(judged({**OF_GOOGLE, "email_verified": False}, google=True), Failure)


@pytest.mark.parametrize(
    "text", ["", "a.b", "a.b.c", f"a.{'x' * 70000}.c", "a.W10.c", "..", "ä.ö.ü"]
)
def test_what_is_no_id_token_is_not_believed(text: str) -> None:
    failure = identity_in(text, MICROSOFT, client_id="our-id", nonce="once", at=AT)

    assert isinstance(failure, Failure)


@pytest.mark.parametrize(
    ("account", "address", "same"),
    [
        ("Ben@Nordwind.example", "ben@nordwind.example", True),
        ("ben@googlemail.com", "ben@gmail.com", True),
        ("anna@nordwind.example", "ben@nordwind.example", False),
        ("ben@nordwind.example", "ben@suedhang.example", False),
        ("", "ben@nordwind.example", False),
    ],
)
def test_whether_two_addresses_are_one_mailbox(account: str, address: str, same: bool) -> None:
    assert is_same(account, address) is same


def test_an_application_by_itself_is_nobody_else() -> None:
    assert mismatch("", "ben@nordwind.example") is None
    other = mismatch("anna@nordwind.example", "ben@nordwind.example")
    assert other is not None
    assert other.identifier == "user_mismatch"


def test_tokens_are_read_as_they_are_told() -> None:
    granted = granted_or_failure(
        answer(
            200,
            {
                "access_token": "a",
                "expires_in": "3599",
                "scope": "openid x",
                "refresh_token": "r",
                "refresh_token_expires_in": 604800,
            },
        )
    )

    assert granted == Granted(Secret("a"), 3599, frozenset({"openid", "x"}), Secret("r"), 604800)
    assert "Secret(value" not in repr(granted)


@pytest.mark.parametrize(
    ("status", "body", "identifier", "is_temporary"),
    [
        (
            400,
            {"error": "invalid_grant", "error_description": "Bad Request"},
            "invalid_grant",
            False,
        ),
        (
            401,
            {"error": "invalid_client", "error_description": "Unauthorized"},
            "invalid_client",
            False,
        ),
        (
            401,
            {"error": "invalid_client", "error_description": "AADSTS7000222: keys are expired."},
            "AADSTS7000222",
            False,
        ),
        (
            400,
            {"error": "temporarily_unavailable", "error_description": "AADSTS90033: transient."},
            "AADSTS90033",
            True,
        ),
        (503, "<html>busy</html>", "", True),
        (429, {"error": "slow_down"}, "slow_down", True),
        (200, "[]", "", True),
        (200, {"token_type": "Bearer"}, "", True),
    ],
)
def test_each_refusal_is_classified_and_named(
    status: int, body: object, identifier: str, is_temporary: bool
) -> None:
    failure = granted_or_failure(answer(status, body))

    assert isinstance(failure, Failure)
    assert (failure.identifier, failure.is_temporary) == (identifier, is_temporary)
    assert failure.stage is Stage.TOKEN
    assert failure.text


@pytest.mark.parametrize(
    ("trouble", "scope"),
    [
        (Trouble.TIMED_OUT, Scope.SERVER),
        (Trouble.NAME_NOT_FOUND, Scope.SERVER),
        (Trouble.CERTIFICATE_UNTRUSTED, Scope.MAILBOX),
        (Trouble.NOT_ALLOWED, Scope.MAILBOX),
    ],
)
def test_what_passes_is_waited_for_and_the_rest_needs_a_hand(
    trouble: Trouble, scope: Scope
) -> None:
    failure = granted_or_failure(NoAnswer(trouble, "no"))

    assert isinstance(failure, Failure)
    assert (failure.scope, failure.is_temporary) == (scope, scope is Scope.SERVER)


def test_a_scope_is_the_same_with_and_without_its_address() -> None:
    wanted = ("https://graph.microsoft.com/Mail.Send", "https://mail.google.com/")

    assert missing(wanted, ["Mail.Send", "https://mail.google.com/"]) == ()
    assert missing(wanted, ["mail.send"]) == ("https://mail.google.com/",)


@pytest.mark.parametrize("cloud", CLOUDS)
def test_each_cloud_has_its_own_addresses(cloud: str) -> None:
    provider = provider_for("microsoft", cloud=cloud, tenant="nordwind.example")

    there = CLOUDS[cloud]
    assert provider.token_url == f"https://{there.sign_in}/nordwind.example/oauth2/v2.0/token"
    assert provider.scopes[Resource.GRAPH][0] == f"{graph_url(cloud)}/Mail.Send"
    assert provider.scopes[Resource.SMTP][0] == f"https://{there.outlook}/SMTP.Send"


def test_where_a_person_is_sent_carries_all_that_must_come_back() -> None:
    verifier, challenge = verifier_and_challenge()
    request = AuthorizationRequest(
        "http://here/", ("a b",), "the state", "the nonce", challenge, "ben@x.example"
    )

    url = authorize_url(MICROSOFT, "our-id", request)

    asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    assert url.startswith("https://login.microsoftonline.com/common/oauth2/v2.0/authorize?")
    assert (asked["state"], asked["nonce"]) == ("the state", "the nonce")
    assert asked["code_challenge"] == challenge
    assert 43 <= len(verifier) <= 128
    assert verifier not in url


def test_a_certificate_signs_who_we_are_as_microsoft_wants_it() -> None:
    certified = Certified("outtray")

    assertion = client_assertion(
        "our-id",
        MICROSOFT.token_url,
        certificate=certified.certificate,
        private_key=Secret(certified.private_key),
        at=AT,
    )

    said, _, signature = assertion.rpartition(".")
    header, claims = (json.loads(_decoded(part)) for part in said.split("."))
    certificate = x509.load_pem_x509_certificate(certified.certificate.encode())
    assert header["alg"] == "PS256"
    assert _decoded(header["x5t#S256"]) == certificate.fingerprint(hashes.SHA256())
    assert (claims["iss"], claims["sub"], claims["aud"]) == ("our-id",) * 2 + (MICROSOFT.token_url,)
    assert claims["exp"] == (AT + timedelta(minutes=10)).timestamp()
    key = certificate.public_key()
    assert isinstance(key, RSAPublicKey)
    pads = padding.PSS(padding.MGF1(hashes.SHA256()), padding.PSS.DIGEST_LENGTH)
    key.verify(_decoded(signature), said.encode(), pads, hashes.SHA256())


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
