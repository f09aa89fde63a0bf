"""Puts an Asterisk 22 into `.tools/asterisk`, beside the system and not into it: the suites that this one stands on have none.

Packages of a newer suite of Debian are fetched by apt with settings of its own (mirror and keys of the machine), unpacked, and run by their own
loader. About 20 MB, ten seconds. Nothing that apt knows of the system is read or changed.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

DEST: Final = Path(__file__).parents[1] / ".tools" / "asterisk"
SUITES: Final = ("forky", "sid")
"""Which have Asterisk 22; the second where the first has it no more."""
PACKAGES: Final = (
    "asterisk", "asterisk-modules", "libbsd0", "libc6", "libcap2", "libcrypt1", "libedit2", "libgcc-s1",
    "libgsm1", "libjansson4", "libmd0", "libnspr4", "libnss3", "libopus0", "libsqlite3-0", "libsrtp2-1",
    "libssl3t64", "libstdc++6", "libsystemd0", "libtinfo6", "liburiparser1", "libuuid1", "libxml2-16", "libxslt1.1",
    "libzstd1", "zlib1g",
)  # fmt: skip
"""What it loads. Where one has been renamed since, apt resolves all of it (four times as much)."""
LEFT_OUT: Final = (
    "./usr/share/doc/*",
    "./usr/share/man/*",
    "./usr/share/locale/*",
    "./usr/lib/*/gconv/*",
)
KEYRING: Final = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
LISTS: Final = Path("/etc/apt")
_URI: Final = re.compile(r"^(?:URIs:|deb(?:\s+\[[^]]*\])?)\s+(\S+/debian/?)(?:\s|$)", re.MULTILINE)


class NotHere(Exception):
    """It cannot be had on this machine; the text says why."""


def main() -> int:
    if (DEST / "asterisk").exists():
        print("exchange: Asterisk is there")
        return 0
    try:
        install(DEST)
    except NotHere as reason:
        print(f"exchange: no Asterisk: {reason}", file=sys.stderr)
        return 1
    print(f"exchange: {_run([str(DEST / 'asterisk'), '-V']).strip()} in .tools/asterisk")
    return 0


def install(dest: Path) -> None:
    """Raises NotHere."""
    for each in ("apt-get", "dpkg-deb", "tar"):
        if shutil.which(each) is None:
            raise NotHere(f"{each} is missing: only Debian's own tools can fetch it")
    if not KEYRING.exists():
        raise NotHere(f"{KEYRING} is missing: apt-get install debian-archive-keyring")
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "made"
        _unpacked(_fetched(Path(folder)), made)
        _runnable(made)
        shutil.rmtree(dest, ignore_errors=True)
        dest.parent.mkdir(exist_ok=True)
        shutil.move(made, dest)
    _run_by(dest)


def _fetched(folder: Path) -> Sequence[Path]:
    """From the first suite that has it."""
    reasons = []
    for suite in SUITES:
        apt = _apt(folder / suite, suite)
        try:
            return _packages(apt, folder / suite)
        except NotHere as reason:
            reasons.append(f"{suite}: {reason}")
    raise NotHere("; ".join(reasons))


def _apt(folder: Path, suite: str) -> dict[str, str]:
    """The environment of an apt that has nothing but this suite."""
    for each in ("etc/parts", "state/lists/partial", "cache/archives/partial", "packages"):
        (folder / each).mkdir(parents=True)
    (folder / "status").touch()
    (folder / "etc/sources.list").write_text(f"deb [signed-by={KEYRING}] {mirror()} {suite} main\n")
    (folder / "apt.conf").write_text("\n".join(_settings(folder)))
    return os.environ | {
        "APT_CONFIG": str(folder / "apt.conf"),
        "DEBIAN_FRONTEND": "noninteractive",
    }


def _settings(folder: Path) -> Iterator[str]:
    places = {
        "Dir::Etc::sourcelist": "etc/sources.list",
        "Dir::Etc::sourceparts": "etc/parts",
        "Dir::State": "state",
        "Dir::State::status": "status",
        "Dir::Cache": "cache",
    }
    yield from (f'{name} "{folder / place}";' for name, place in places.items())
    yield 'Acquire::Languages "none";'
    yield 'Acquire::Check-Valid-Until "false";'  # a suite that is not released may be some days old at a mirror
    yield 'APT::Sandbox::User "root";'


def mirror() -> str:
    """Where this machine gets Debian from. Raises NotHere."""
    files = [LISTS / "sources.list", *sorted((LISTS / "sources.list.d").glob("*"))]
    for file in files:
        if file.suffix in (".list", ".sources") and file.exists():
            found = _URI.search(file.read_text(errors="replace"))
            if found:
                return found[1]
    raise NotHere("apt knows no mirror of Debian")


def _packages(apt: dict[str, str], folder: Path) -> Sequence[Path]:
    _run(["apt-get", "-qq", "update"], apt)
    try:
        _run(["apt-get", "-qq", "download", *PACKAGES], apt, folder / "packages")
        return sorted((folder / "packages").glob("*.deb"))
    except NotHere:
        resolved = ["apt-get", "-qq", "-y", "--no-install-recommends", "--download-only", "install"]
        _run([*resolved, "asterisk"], apt)
        return sorted((folder / "cache/archives").glob("*.deb"))


def _unpacked(packages: Sequence[Path], dest: Path) -> None:
    dest.mkdir()
    left_out = [f"--exclude={each}" for each in LEFT_OUT]
    for package in packages:
        content = subprocess.run(
            ["dpkg-deb", "--fsys-tarfile", str(package)], check=True, capture_output=True
        )
        subprocess.run(["tar", "-x", "-C", str(dest), *left_out], check=True, input=content.stdout)


def _runnable(dest: Path) -> None:
    """Raises NotHere for another kind of processor."""
    if not (dest / "usr/lib64/ld-linux-x86-64.so.2").exists():
        raise NotHere("only machines of the kind amd64 were tried")


def _run_by(dest: Path) -> None:
    """By its own loader and libraries, which are newer than those of the system."""
    loader = f"{dest}/usr/lib64/ld-linux-x86-64.so.2 --library-path {dest}/usr/lib/x86_64-linux-gnu"
    script = dest / "asterisk"
    script.write_text(f'#!/bin/sh\nexec {loader} {dest}/usr/sbin/asterisk "$@"\n')
    script.chmod(0o755)


def _run(command: Sequence[str], env: dict[str, str] | None = None, cwd: Path | None = None) -> str:
    done = subprocess.run(command, capture_output=True, text=True, env=env, cwd=cwd, check=False)
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise NotHere(f"{' '.join(command[:3])}: {said[-1] if said else done.returncode}")
    return done.stdout


if __name__ == "__main__":
    raise SystemExit(main())
