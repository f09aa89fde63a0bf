"""Secrets are made once, kept, and added to by newer versions."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from callcenter.core.errors import Misconfigured
from callcenter.core.secrets import load_secrets


def test_they_are_random_and_stay(tmp_path: Path):
    first = load_secrets(tmp_path / "data")
    assert load_secrets(tmp_path / "data") == first
    assert load_secrets(tmp_path / "elsewhere") != first
    assert len(first.demo_token) >= 32
    assert first.demo_token != first.hook_secret


def test_only_the_servers_user_may_read_them(tmp_path: Path):
    load_secrets(tmp_path)
    path = tmp_path / "secrets.json"
    assert path.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["secrets.json"]


def test_a_secret_that_a_newer_version_needs_is_added(tmp_path: Path):
    path = tmp_path / "secrets.json"
    path.write_text(json.dumps({"hook_secret": "as it was", "of_a_newer_version": "kept"}))
    path.chmod(0o600)
    secrets = load_secrets(tmp_path)
    assert secrets.hook_secret == "as it was"
    assert load_secrets(tmp_path).demo_token == secrets.demo_token
    assert json.loads(path.read_text())["of_a_newer_version"] == "kept"


def test_starts_at_the_same_moment_agree(tmp_path: Path):
    with ThreadPoolExecutor(2) as pool:
        for attempt in range(20):
            folder = tmp_path / str(attempt)
            one, other = pool.map(load_secrets, [folder, folder])
            assert one == other


def test_a_secret_that_is_no_text_stops_the_start(tmp_path: Path):
    path = tmp_path / "secrets.json"
    path.write_text(json.dumps({"hook_secret": 7, "demo_token": "x"}))
    path.chmod(0o600)
    with pytest.raises(Misconfigured, match="hook_secret"):
        load_secrets(tmp_path)
