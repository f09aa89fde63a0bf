"""The command line as a test calls it: in this process, on the test's own database."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from callcenter.cli import app

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`run("user", "list")`; an error that the command tells in a line is the result's exception."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CALLCENTER_DATA_DIR", str(tmp_path / "data"))
    runner = CliRunner()

    def call(*arguments: str, typed: str | None = None) -> Result:
        return runner.invoke(app, list(arguments), input=typed)

    return call


@pytest.fixture
def site(run: Run, dsn: str, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The same on a database with all tables and no rows."""
    monkeypatch.setenv("CALLCENTER_DATABASE_URL", dsn)
    return run
