"""`callcenter certificate`: an authority of the site's own and a certificate for its server.

Browsers give sound, notifications and screen locks only to pages under HTTPS, and a network without internet access has
no public authority to ask.
"""

from __future__ import annotations

import ipaddress
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from callcenter.cli.options import ConfigFile, DataDir, read_settings
from callcenter.core.clock import SystemClock
from callcenter.core.errors import Invalid

app = typer.Typer(add_completion=False, rich_markup_mode="markdown")

AUTHORITY_DAYS = 3650
SERVER_DAYS = 397
"""Browsers refuse longer ones, also those of own authorities on Apple's systems (825) and Chromium's (398)."""


@dataclass(frozen=True, slots=True)
class Authority:
    """A certificate that signs, with its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


@app.command()
def certificate(
    names: Annotated[
        list[str], typer.Argument(help="Names and addresses that browsers use for the server.")
    ],
    folder: Annotated[
        Path | None, typer.Option("--folder", help="Instead of `certificates` in the data folder.")
    ] = None,
    config: ConfigFile = None,
    data_dir: DataDir = None,
) -> None:
    """Make a certificate for the server: `callcenter certificate centre.lan 192.168.1.5`

    The first time an authority of this site is made. Install its `authority.pem` once on each seat
    (docs/operating/certificate.md); later certificates of the server are then trusted without doing it again.
    """
    target = folder or read_settings(config, data_dir=data_dir).data_dir / "certificates"
    now = SystemClock().now()
    known = [_general_name(name) for name in names]
    authority = _authority(target, now)
    key = ec.generate_private_key(ec.SECP256R1())
    signed = sign(authority, key.public_key(), names[0], known, now)
    _write(target / "server-key.pem", _private_pem(key), private=True)
    chain = _public_pem(signed) + _public_pem(authority.certificate)
    _write(target / "server.pem", chain, private=False)
    typer.echo(f"made {target / 'server.pem'}, good until {signed.not_valid_after_utc:%Y-%m-%d}")
    typer.echo(f'settings:\n  tls_certificate = "{target / "server.pem"}"')
    typer.echo(f'  tls_key = "{target / "server-key.pem"}"')
    typer.echo(f"install on each seat: {target / 'authority.pem'} (docs/operating/certificate.md)")


def _authority(folder: Path, now: datetime) -> Authority:
    """The site's authority, made when there is none."""
    certificate_file, key_file = folder / "authority.pem", folder / "authority-key.pem"
    if not key_file.exists():
        made = new_authority(now)
        folder.mkdir(mode=0o711, parents=True, exist_ok=True)
        _write(certificate_file, _public_pem(made.certificate), private=False)
        _write(key_file, _private_pem(made.key), private=True)
        return made
    try:
        known = x509.load_pem_x509_certificate(certificate_file.read_bytes())
        key = serialization.load_pem_private_key(key_file.read_bytes(), None)
    except (OSError, ValueError) as error:
        raise Invalid(f"{folder}: the authority cannot be read: {error}") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise Invalid(f"{key_file}: not a key made by this command")
    return Authority(known, key)


def new_authority(now: datetime) -> Authority:
    """An authority that signs servers only and may not found others."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name(
        [x509.NameAttribute(NameOID.COMMON_NAME, f"Call centre authority {now:%Y-%m-%d %H:%M}")]
    )
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )
    signed = (
        _builder(name, name, key.public_key(), now, AUTHORITY_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return Authority(signed, key)


def sign(
    authority: Authority,
    key: ec.EllipticCurvePublicKey,
    title: str,
    names: list[x509.GeneralName],
    now: datetime,
) -> x509.Certificate:
    """A certificate for a server that is reached by these names."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, title[:64])])
    issuer = authority.certificate
    return (
        _builder(subject, issuer.subject, key, now, SERVER_DAYS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key()),
            critical=False,
        )
        .sign(authority.key, hashes.SHA256())
    )


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePublicKey,
    now: datetime,
    days: int,
) -> x509.CertificateBuilder:
    return x509.CertificateBuilder(
        issuer_name=issuer,
        subject_name=subject,
        public_key=key,
        serial_number=x509.random_serial_number(),
        # Clocks of seats may be behind ours.
        not_valid_before=now - timedelta(days=1),
        not_valid_after=now + timedelta(days=days - 1),
    )


def _general_name(text: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(text.strip("[]")))
    except ValueError:
        pass
    try:
        return x509.DNSName(text.encode("idna").decode().lower())
    except UnicodeError as error:
        raise Invalid(f"{text!r} is neither a name nor an address") from error


def _public_pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _private_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _write(path: Path, content: bytes, *, private: bool) -> None:
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if private else 0o644)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
