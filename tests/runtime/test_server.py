"""What the start of the alarms waits for. The server itself is started and killed by tests/faults/."""

from __future__ import annotations

import subprocess
import sys

import pytest

LOADED = """
import sys
import callcenter.cli.serving, callcenter.runtime.server
print(*sys.modules)
"""


@pytest.fixture(scope="module")
def loaded() -> set[str]:
    """All that is in memory when the alarm process is forked."""
    done = subprocess.run(
        [sys.executable, "-c", LOADED], capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


@pytest.mark.parametrize(
    "name",
    [
        "callcenter.runtime.office",
        "callcenter.api.application",
        "callcenter.auth.router",
        "callcenter.directory",
        "callcenter.residents.router",
        "callcenter.residents.names",
        "callcenter.sms.sender",
        "callcenter.alerts.history.router",
        "callcenter.alerts.printing.router",
        "callcenter.demo",
        "pypinyin",
        "alembic",
        "cryptography.x509",
        "httpx",
    ],
)
def test_alarms_do_not_wait_for_what_only_the_office_needs(loaded: set[str], name: str):
    assert name not in loaded


def test_the_sockets_are_bound_before_the_alarm_process_is_loaded():
    """Who calls meanwhile waits in their queue; this is what may be loaded before."""
    source = "import sys, callcenter.runtime.sockets\nprint(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", source], capture_output=True, text=True, check=True
    )
    assert not {"fastapi", "sqlalchemy", "asyncpg", "uvicorn"} & set(done.stdout.split())
