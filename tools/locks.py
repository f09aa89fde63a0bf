"""What the three lock files pin, in one shape: requirements.lock, requirements-dev.lock, console/package-lock.json."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from packaging.utils import canonicalize_name

ROOT: Final = Path(__file__).parents[1]
PYTHON_LOCKS: Final = ("requirements.lock", "requirements-dev.lock")
CONSOLE_LOCK: Final = "console/package-lock.json"

Ecosystem = Literal["PyPI", "npm"]
_PIN: Final = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)(.*(?:\n    .*)*)", re.MULTILINE)
_HASH: Final = re.compile(r"--hash=sha256:([0-9a-f]+)")


@dataclass(frozen=True, slots=True, order=True)
class Package:
    """One pinned package. `hashes` are pairs of algorithm and hex digest; of a Python package those of each of its files."""

    ecosystem: Ecosystem
    name: str
    version: str
    runs: bool
    """Whether it is there when the server or the console runs; else it builds, tests or checks them."""
    hashes: tuple[tuple[str, str], ...] = ()
    licence: str = ""

    @property
    def purl(self) -> str:
        """https://github.com/package-url/purl-spec"""
        return f"pkg:{self.ecosystem.lower()}/{self.name.replace('@', '%40')}@{self.version}"


def everything(root: Path = ROOT) -> list[Package]:
    """All pinned packages, each once, in the order of their names."""
    run, dev = ((root / name).read_text("utf-8") for name in PYTHON_LOCKS)
    console = (root / CONSOLE_LOCK).read_text("utf-8")
    found: dict[tuple[str, str, str], Package] = {}
    for package in (
        *python_packages(run, runs=True),
        *python_packages(dev, runs=False),
        *sorted(console_packages(console), key=lambda each: not each.runs),
    ):
        found.setdefault((package.ecosystem, package.name, package.version), package)
    return sorted(found.values())


def python_packages(lock: str, *, runs: bool) -> Iterator[Package]:
    """The pins of a lock file of requirements."""
    for name, version, rest in _PIN.findall(lock):
        if "sys_platform == 'never'" in rest:
            continue  # named by a package that asks for it, installed nowhere
        hashes = tuple(("SHA-256", digest) for digest in sorted(_HASH.findall(rest)))
        yield Package("PyPI", canonicalize_name(name), version, runs, hashes)


def console_packages(lock: str) -> Iterator[Package]:
    """The packages of package-lock.json; what is marked `dev` is not in the built console."""
    for path, entry in json.loads(lock)["packages"].items():
        if not path or "version" not in entry:
            continue
        name = entry.get("name") or path.rpartition("node_modules/")[2]
        licence = entry.get("license", "")
        yield Package(
            "npm",
            name,
            entry["version"],
            not entry.get("dev", False),
            tuple(_integrity(entry.get("integrity", ""))),
            licence if isinstance(licence, str) else "",
        )


def _integrity(text: str) -> Iterator[tuple[str, str]]:
    for part in text.split():
        algorithm, _, digest = part.partition("-")
        known = {"sha512": "SHA-512", "sha384": "SHA-384", "sha256": "SHA-256", "sha1": "SHA-1"}
        yield known[algorithm], base64.b64decode(digest).hex()
