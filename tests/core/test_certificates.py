"""For which names a certificate stands."""

from __future__ import annotations

import ipaddress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from callcenter.core.certificates import names_of


def made(path: Path, *names: x509.GeneralName) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Centre.lan")])
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=1))
    )
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    certificate = builder.sign(key, hashes.SHA256())
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return path


def test_its_names_and_addresses_are_told_in_small_letters(tmp_path: Path):
    file = made(
        tmp_path / "server.pem",
        x509.DNSName("Seats.centre.lan"),
        x509.DNSName("*.wild.example"),
        x509.IPAddress(ipaddress.ip_address("192.168.1.5")),
    )
    assert names_of(file) == {"seats.centre.lan", "*.wild.example", "192.168.1.5"}


def test_an_old_one_has_its_common_name(tmp_path: Path):
    assert names_of(made(tmp_path / "server.pem")) == {"centre.lan"}


def test_what_is_no_certificate_is_told(tmp_path: Path):
    (tmp_path / "server.pem").write_text("nothing")
    with pytest.raises(ValueError, match="PEM"):
        names_of(tmp_path / "server.pem")
