"""What a certificate is for."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.x509.oid import NameOID


def names_of(file: Path) -> frozenset[str]:
    """Names and addresses for which the first certificate of a PEM file stands. Raises OSError or ValueError."""
    certificate = x509.load_pem_x509_certificate(file.read_bytes())
    try:
        extension = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except x509.ExtensionNotFound:
        common = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        return frozenset(str(each.value).lower() for each in common)
    names = extension.value.get_values_for_type(x509.DNSName)
    addresses = extension.value.get_values_for_type(x509.IPAddress)
    return frozenset((*(name.lower() for name in names), *map(str, addresses)))


def ends_at(file: Path) -> datetime:
    """When the first certificate of a PEM file ends. Raises OSError or ValueError."""
    return x509.load_pem_x509_certificate(file.read_bytes()).not_valid_after_utc
