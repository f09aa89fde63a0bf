"""A network of one's own for what browsers and exchanges say to each other: loopback and one address besides, and nothing leaves.

An exchange offers no loopback address for sound (RFC 8445), so that two ends on one machine need another; and ports never collide.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest

WITHIN = "CALLCENTER_TESTS_WITHIN_A_NAMESPACE"
ADDRESS = "192.0.2.10"
"""For documentation (RFC 5737): nobody's."""
LIMIT_S = 280.0
_CANNOT = 77
_SET_UP = f"""
ip link set lo up && ip link add v0 type veth peer name v1 && ip addr add {ADDRESS}/24 dev v0 && ip link set v0 up && ip link set v1 up || exit {_CANNOT}
exec "$@"
"""


def is_within() -> bool:
    """Whether these are the tests that run in it."""
    return WITHIN in os.environ


def is_possible() -> bool:
    """Whether this user may make one here."""
    if shutil.which("unshare") is None or shutil.which("ip") is None:
        return False
    return _within("true").returncode == 0


def run_within(test: str) -> None:
    """This test, by its node id, in a network of its own. Skipped with one line where none can be made."""
    if not is_possible():
        pytest.skip(
            "no network namespace can be made here (unshare -n, ip): no sound between a browser and an exchange"
        )
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-x",
        "-q",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:xdist",
        "-p",
        "no:randomly",
        test,
    ]
    done = _within(*command, timeout=LIMIT_S)
    assert done.returncode == 0, done.stdout.decode("utf-8", "replace")[-8_000:]


def _within(*command: str, timeout: float = 20.0) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        ["unshare", "-n", "--", "sh", "-ec", _SET_UP, "sh", *command],
        env=os.environ | {WITHIN: "1"}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, timeout=timeout,
    )  # fmt: skip
