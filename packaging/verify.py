"""Whether an installed release works: every module loads, PostgreSQL starts, and a press arrives. Run with the Python of that release.

`verify.py` tries it in a scratch folder on a free port; `--health` asks the server of the settings; `--data-dir` tells what kind of
database they have, and where their data are.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

STARTS_WITHIN_S = 90.0
HEALTHY_WITHIN_S = 60.0


def say(what: str) -> None:
    sys.stdout.write(f"verify: {what}\n")
    sys.stdout.flush()


def import_everything() -> int:
    """Every module of ours and all that they need. Raises what a broken one raises."""
    import callcenter  # noqa: PLC0415

    count = 0
    for found in pkgutil.walk_packages(callcenter.__path__, "callcenter."):
        if not found.name.endswith("__main__") and ".migrations." not in found.name:
            importlib.import_module(found.name)
            count += 1
    return count


def answers(url: str) -> bool:
    """Whether a server says there that it is ready; its certificate is its own matter."""
    context = ssl._create_unverified_context()  # noqa: S323 - this machine asks itself
    try:
        with urllib.request.urlopen(f"{url}/readyz", timeout=4, context=context) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except OSError:
        return False


def wait_for(url: str, within_s: float, server: subprocess.Popen[bytes] | None = None) -> None:
    """Raises TimeoutError."""
    deadline = time.monotonic() + within_s
    while not answers(url):
        if time.monotonic() > deadline or (server is not None and server.poll() is not None):
            raise TimeoutError(f"{url} is not ready")
        time.sleep(0.2)


def press() -> None:
    """A server of its own, with a private PostgreSQL and invented people, takes an SOS and acknowledges it."""
    folder = Path(tempfile.mkdtemp(prefix="callcenter-verify-"))
    folder.chmod(0o711)
    try:
        _press(folder)
    except BaseException:
        sys.stderr.write((folder / "log").read_text(errors="replace")[-3000:])
        raise
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _press(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        url = f"http://127.0.0.1:{probe.getsockname()[1]}"
    with scratch_server(folder, url) as server:
        wait_for(url, STARTS_WITHIN_S, server)
        say("PostgreSQL and a server start")
        load = ["simulate", "load", "--kind", "sos", "--rate", "1", "--seconds", "1"]
        command = _command(folder, *load, "--server", url)
        subprocess.run(command, check=True, env=_plain(), cwd=folder, stdout=subprocess.DEVNULL)
        say("a press arrives and is acknowledged")


@contextmanager
def scratch_server(folder: Path, url: str) -> Iterator[subprocess.Popen[bytes]]:
    """In this folder, with its log; ended afterwards."""
    command = _command(folder, "serve", "--demo", "--port", url.rpartition(":")[2])
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, env=_plain(), cwd=folder)
    try:
        yield server
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(40)
        except subprocess.TimeoutExpired:
            server.kill()


def _command(folder: Path, *arguments: str) -> list[str]:
    own = ["--data-dir", str(folder / "data")]
    return [sys.executable, "-sP", "-m", "callcenter", *arguments, *own]


def _plain() -> dict[str, str]:
    """Nothing of the site's settings."""
    env = {k: v for k, v in os.environ.items() if not k.startswith("CALLCENTER_")}
    return env | {"CALLCENTER_LISTENERS": "[]", "CALLCENTER_DISK__RESERVE_MB": "0"}


def health() -> None:
    """Of the server that the settings describe. Raises TimeoutError."""
    from callcenter.settings import load  # noqa: PLC0415

    settings = load()
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host  # noqa: S104
    scheme = "https" if settings.tls_certificate else "http"
    wait_for(f"{scheme}://{host}:{settings.port}", HEALTHY_WITHIN_S)
    say("the server is ready")


def main(arguments: list[str]) -> int:
    if arguments == ["--health"]:
        health()
        return 0
    if arguments == ["--data-dir"]:
        from callcenter.settings import load  # noqa: PLC0415

        settings = load()
        kind = "private" if settings.database_url is None else "external"
        sys.stdout.write(f"{kind} {settings.data_dir.absolute()}\n")
        return 0
    say(f"{import_everything()} modules load, Python {sys.version.split()[0]}")
    press()
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except (ImportError, OSError, subprocess.CalledProcessError) as error:
        sys.stderr.write(f"verify: {error}\n")
        sys.exit(1)
