"""A second look at a server on which Validate failed: short, and never with a password."""

from __future__ import annotations

from collections.abc import Mapping

from cryptography import x509

from outtray.transports.base import Failure, Trouble
from outtray.transports.ews.challenge import domains_in
from outtray.transports.ews.door import Door
from outtray.transports.ews.failures import Name
from outtray.transports.ews.methods import ask_methods
from outtray.transports.ews.settings import PATH

Facts = Mapping[str, str]

_OF_CERTIFICATES = frozenset(
    {
        Trouble.CERTIFICATE_EXPIRED,
        Trouble.CERTIFICATE_OTHER_NAME,
        Trouble.CERTIFICATE_UNTRUSTED,
    }
)


def certificate_facts(door: Door, failure: Failure) -> Facts:
    """Whose certificate a server has that we do not trust."""
    if failure.trouble not in _OF_CERTIFICATES:
        return {}
    presented = door.look_unverified()
    return _told(x509.load_der_x509_certificate(presented)) if presented else {}


def uri_facts(door: Door, failure: Failure) -> Facts:
    """Where the same server answers as EWS does, if the address was wrong: the fact `uri`."""
    if failure.identifier != Name.WRONG_URL:
        return {}
    port = "" if door.settings.port == 443 else f":{door.settings.port}"
    usual = f"https://{door.settings.host}{port}{PATH}"
    if usual.lower() == door.settings.uri.lower() or isinstance(ask_methods(door, usual), Failure):
        return {}
    return {"uri": usual}


def domain_facts(door: Door) -> Facts:
    """What the server calls its own domain, as it said while it refused a login by NTLM."""
    return domains_in(door.challenge)


def _told(certificate: x509.Certificate) -> Facts:
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
        found = [str(name.value) for name in names.value]
    except x509.ExtensionNotFound:
        found = [certificate.subject.rfc4514_string()]
    return {
        "certificate_names": ", ".join(found[:10])[:500],
        "certificate_issuer": certificate.issuer.rfc4514_string()[:200],
        "certificate_from": certificate.not_valid_before_utc.date().isoformat(),
        "certificate_until": certificate.not_valid_after_utc.date().isoformat(),
    }
