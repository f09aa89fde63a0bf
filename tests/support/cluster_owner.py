"""A process that starts a cluster and holds it until its standard input ends: `python -m tests.support.cluster_owner DIR`.

It prints one line of JSON: {"pid", "owned", "dsn"}.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import IO, Any

from callcenter.core.cluster import Cluster

_ROOT = Path(__file__).parents[2]


class ClusterOwner:
    """Such a process, seen from the test. A context manager; leaving it ends the process in order."""

    def __init__(self, data_dir: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.cluster_owner", str(data_dir)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=_ROOT,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (_ROOT / "src", *sys.path)))},
        )

    def __enter__(self) -> ClusterOwner:
        return self

    def __exit__(self, *_: object) -> None:
        _pipe(self._process.stdin).close()
        self._process.wait(30)
        _pipe(self._process.stdout).close()

    def told(self) -> dict[str, Any]:
        """What it printed once its cluster was ready."""
        line: dict[str, Any] = json.loads(_pipe(self._process.stdout).readline())
        return line

    def kill(self) -> None:
        """As the kernel does when memory runs out."""
        self._process.kill()
        self._process.wait(30)


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    assert stream is not None
    return stream


def _main() -> None:
    cluster = Cluster.start(Path(sys.argv[1]))
    sys.stdout.write(
        json.dumps({"pid": cluster.pid, "owned": cluster.owned, "dsn": cluster.dsn()}) + "\n"
    )
    sys.stdout.flush()
    sys.stdin.read()
    cluster.stop()


if __name__ == "__main__":
    _main()
