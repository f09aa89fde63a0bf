"""The server as something that the demo may kill and start again: the show is that nothing is lost.

It is known by the process that holds server.pid. What that one has started goes with it, but may outlive it by a moment.
"""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path

from callcenter.core.errors import Conflict
from callcenter.core.pid_file import holder

PID_FILE = "server.pid"
LOG_FILE = "server.log"


class ServerProcess:
    """Found by the process id in the data folder, whoever started it."""

    def __init__(self, data_dir: Path, command: Sequence[str]) -> None:
        self._data_dir = data_dir
        self._command = list(command)
        self._child: subprocess.Popen[bytes] | None = None

    def pid(self) -> int | None:
        """Id of the server's first process, or None when nobody holds the file: neither that one nor a child with its handle."""
        self._reap()
        return holder(self._data_dir / PID_FILE)

    def kill(self) -> int:
        """SIGKILL to the first process, as a power cut for the server alone. Raises Conflict when none runs."""
        pid = self.pid()
        try:
            if pid is not None:
                os.kill(pid, signal.SIGKILL)
                return pid
        except ProcessLookupError:
            pass  # killed a moment ago; its children still hold the file
        raise Conflict("No server runs.", code="not_running")

    def is_gone(self) -> bool:
        """Nothing is left of the server, so that it may be started."""
        return self.pid() is None and self._child is None

    def start(self) -> int:
        """Start it as `callcenter demo` did, in a session of its own. Raises Conflict while one runs."""
        if not self.is_gone():
            raise Conflict("The server runs.", code="already_running")
        with (self._data_dir / LOG_FILE).open("ab") as log:
            self._child = subprocess.Popen(
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        return self._child.pid

    def _reap(self) -> None:
        if self._child is not None and self._child.poll() is not None:
            self._child = None
