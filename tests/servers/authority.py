"""A throw-away authority for certificates of test servers."""

from __future__ import annotations

import ipaddress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from outtray.lib import clock

_DAY = timedelta(days=1)


class Authority:
    """Signs certificates for names and addresses. Another Authority is a foreign one."""

    def __init__(self, folder: Path, *, name: str = "Outtray test authority") -> None:
        self.folder = folder
        self.ca_file = folder / "authority.pem"
        self._name = _name(name)
        self._key = ec.generate_private_key(ec.SECP256R1())
        certificate = self._signed(self._about_itself(), self._key.public_key())
        self.ca_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))

    def certificate(self, *names: str) -> tuple[Path, Path]:
        """A certificate valid for these names or addresses, and its key."""
        return self._issue(names, from_=clock.now() - _DAY, until=clock.now() + 30 * _DAY)

    def expired(self, *names: str) -> tuple[Path, Path]:
        """One that ended yesterday."""
        return self._issue(names, from_=clock.now() - 30 * _DAY, until=clock.now() - _DAY)

    def self_signed(self, *names: str) -> tuple[Path, Path]:
        """One for which nobody but itself vouches."""
        key = ec.generate_private_key(ec.SECP256R1())
        builder = _about(names, from_=clock.now() - _DAY, until=clock.now() + 30 * _DAY)
        certificate = (
            builder.issuer_name(_name(names[0]))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .sign(key, hashes.SHA256())
        )
        return self._save(certificate, key)

    def _issue(
        self, names: tuple[str, ...], *, from_: datetime, until: datetime
    ) -> tuple[Path, Path]:
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = self._signed(_about(names, from_=from_, until=until), key.public_key())
        return self._save(certificate, key)

    def _about_itself(self) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(self._name)
            .not_valid_before(clock.now() - 60 * _DAY)
            .not_valid_after(clock.now() + 60 * _DAY)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_MAY_SIGN, critical=True)
        )

    def _signed(
        self, builder: x509.CertificateBuilder, public_key: ec.EllipticCurvePublicKey
    ) -> x509.Certificate:
        own = self._key.public_key()
        return (
            builder.issuer_name(self._name)
            .public_key(public_key)
            .serial_number(x509.random_serial_number())
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(own), critical=False)
            .sign(self._key, hashes.SHA256())
        )

    def _save(
        self, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey
    ) -> tuple[Path, Path]:
        stem = f"{certificate.serial_number:x}"
        cert_path, key_path = self.folder / f"{stem}.pem", self.folder / f"{stem}.key"
        cert_path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        key_path.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        return cert_path, key_path


def _about(names: tuple[str, ...], *, from_: datetime, until: datetime) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(_name(names[0]))
        .not_valid_before(from_.astimezone(UTC))
        .not_valid_after(until.astimezone(UTC))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName(map(_general, names)), critical=False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    )


_MAY_SIGN = x509.KeyUsage(
    digital_signature=False,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=True,
    crl_sign=True,
    encipher_only=False,
    decipher_only=False,
)


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)
