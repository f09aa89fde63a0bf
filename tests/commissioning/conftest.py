"""A centre, its office, and the two ports of putting a site into service."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from callcenter.commissioning.facts import SiteSettings
from callcenter.commissioning.first_start import FirstCode
from tests.support.clock import HandClock
from tests.support.office import app, assembled, community, hints, signed_in

__all__ = ["app", "assembled", "community", "hints", "signed_in"]


@pytest.fixture
def code(tmp_path: Path) -> FirstCode:
    return FirstCode(tmp_path)


@pytest.fixture
def commissioned(app, code):
    """The office with both ports; no gateway but a sandbox, no certificate."""
    app.state.context.ports.update({FirstCode: code, SiteSettings: SiteSettings((), None)})
    return app


@pytest.fixture
def certificate(tmp_path: Path, clock: HandClock) -> Path:
    """A certificate that holds for a year."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "centre.lan")])
    key = ec.generate_private_key(ec.SECP256R1())
    now = clock.now()
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=365))
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "server.pem"
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return path
