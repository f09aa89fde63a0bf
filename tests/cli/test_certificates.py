"""A browser that trusts the site's authority trusts its server, under each of its names."""

from __future__ import annotations

import socket
import ssl
import threading
from pathlib import Path

import pytest

from callcenter.core.errors import Invalid


@pytest.fixture
def made(run, tmp_path: Path):
    result = run("certificate", "centre.lan", "192.168.1.5", "::1", "--folder", "made")
    assert result.exit_code == 0, result.output
    return tmp_path / "made"


def handshake(folder: Path, authority: Path, name: str) -> None:
    """A real TLS handshake over a socket pair, with a client that trusts the authority."""
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(folder / "server.pem", folder / "server-key.pem")
    client = ssl.create_default_context(cafile=str(authority))
    ours, theirs = socket.socketpair()
    ours.settimeout(10)

    def serve() -> None:
        try:
            server.wrap_socket(theirs, server_side=True).close()
        except (ssl.SSLError, OSError):
            theirs.close()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        client.wrap_socket(ours, server_hostname=name).close()
    finally:
        ours.close()
        thread.join()


@pytest.mark.parametrize("name", ["centre.lan", "192.168.1.5", "::1"])
def test_it_is_trusted_under_each_name(made: Path, name: str):
    handshake(made, made / "authority.pem", name)


def test_it_is_not_trusted_under_another_name(made: Path):
    with pytest.raises(ssl.SSLCertVerificationError):
        handshake(made, made / "authority.pem", "elsewhere.lan")


def test_a_new_certificate_needs_no_new_authority(run, made: Path):
    before = (made / "authority.pem").read_bytes()
    assert run("certificate", "other.lan", "--folder", "made").exit_code == 0
    assert (made / "authority.pem").read_bytes() == before
    handshake(made, made / "authority.pem", "other.lan")


def test_keys_are_closed_to_others(made: Path):
    modes = {path.name: path.stat().st_mode & 0o777 for path in made.iterdir()}
    assert modes == {
        "authority.pem": 0o644,
        "authority-key.pem": 0o600,
        "server.pem": 0o644,
        "server-key.pem": 0o600,
    }


def test_what_is_no_name_is_refused(run):
    assert isinstance(run("certificate", "..", "--folder", "made").exception, Invalid)


def test_a_damaged_authority_is_told_and_not_replaced(run, made: Path):
    (made / "authority.pem").write_text("gone")
    assert isinstance(run("certificate", "x.lan", "--folder", "made").exception, Invalid)
    assert (made / "authority.pem").read_text() == "gone"
