"""Tells whether the lock files answer to pyproject.toml: every requirement is pinned, by a version it allows, with a hash.

Works without a network, so it says nothing about newer versions; `make lock` writes the files anew.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[1]
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)(.*(?:\n    .*)*)", re.MULTILINE)


def pins(lock: str) -> dict[str, tuple[Version, bool]]:
    """Name to version, and whether it carries a hash."""
    return {
        canonicalize_name(name): (Version(version), "--hash=sha256:" in rest)
        for name, version, rest in _PIN.findall(lock)
    }


def wanted(project: Mapping[str, Any], group: str) -> Iterator[Requirement]:
    """What the project and one of its dependency groups ask for."""
    for entry in project["dependency-groups"][group]:
        if isinstance(entry, str):
            yield Requirement(entry)
        else:
            yield from wanted(project, entry["include-group"])
    yield from (Requirement(text) for text in project["project"]["dependencies"])


def mistakes(project: Mapping[str, Any], group: str, lock: str) -> Iterator[str]:
    """One sentence for each requirement that the lock does not answer to, and each pin without a hash."""
    pinned = pins(lock)
    for requirement in wanted(project, group):
        version, _ = pinned.get(canonicalize_name(requirement.name), (None, False))
        if version is None:
            yield f"{requirement} is missing"
        elif not requirement.specifier.contains(version, prereleases=True):
            yield f"{requirement} is pinned to {version}"
    yield from (f"{name} has no hash" for name, (_, hashed) in pinned.items() if not hashed)


def main() -> int:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    found = [
        f"{name}: {mistake}"
        for name, group in (("requirements.lock", "run"), ("requirements-dev.lock", "dev"))
        for mistake in sorted(set(mistakes(project, group, (ROOT / name).read_text("utf-8"))))
    ]
    for line in found:
        sys.stderr.write(f"{line}; run: make lock\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
