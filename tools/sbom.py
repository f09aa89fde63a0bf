"""Writes what the server and its console are made of: an SBOM in CycloneDX 1.6, from the lock files alone.

The same locks give the same bytes: no time, no host, no path. Licences of Python packages are read from what is installed here in
exactly the pinned version; where none is, none is said.
"""

from __future__ import annotations

import json
import sys
import tomllib
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from tools.locks import ROOT, Package, everything

SCHEMA: Final = "http://cyclonedx.org/schema/bom-1.6.schema.json"


def document(project: Mapping[str, Any], packages: Sequence[Package]) -> dict[str, Any]:
    """The whole BOM; its serial number stands for its content."""
    components = [component(package) for package in packages]
    root = {
        "type": "application",
        "bom-ref": f"pkg:pypi/{project['name']}@{project['version']}",
        "name": project["name"],
        "version": project["version"],
        "description": project["description"],
        "licenses": [{"license": {"id": project["license"]}}],
        "purl": f"pkg:pypi/{project['name']}@{project['version']}",
    }
    content = json.dumps([root, components], sort_keys=True)
    return {
        "$schema": SCHEMA,
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid5(NAMESPACE_URL, content)}",
        "version": 1,
        "metadata": {"lifecycles": [{"phase": "pre-build"}], "component": root},
        "components": components,
    }


def component(package: Package) -> dict[str, Any]:
    """`excluded`: it is not there when the server runs. Hashes are of the files that a lock allows, any of which may be installed."""
    made: dict[str, Any] = {
        "type": "library",
        "bom-ref": package.purl,
        "name": package.name,
        "version": package.version,
        "scope": "required" if package.runs else "excluded",
        "purl": package.purl,
    }
    if package.hashes:
        made["hashes"] = [
            {"alg": algorithm, "content": digest} for algorithm, digest in package.hashes
        ]
    if licence := package.licence or _installed_licence(package):
        made["licenses"] = [{"expression": licence}]
    return made


def _installed_licence(package: Package) -> str:
    """What the package says of itself as an SPDX expression (PEP 639)."""
    if package.ecosystem != "PyPI":
        return ""
    try:
        said = metadata(package.name)
    except PackageNotFoundError:
        return ""
    return said.get("License-Expression") or "" if said["Version"] == package.version else ""


def main() -> int:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    made = document(project, everything())
    to = Path(sys.argv[1]) if sys.argv[1:] else ROOT / "dist" / _file_name(project)
    to.parent.mkdir(parents=True, exist_ok=True)
    to.write_text(json.dumps(made, indent=1, ensure_ascii=False) + "\n", "utf-8")
    sys.stdout.write(f"{to.name}: {len(made['components'])} components\n")
    return 0


def _file_name(project: Mapping[str, Any]) -> str:
    return f"{project['name']}-{project['version']}.cdx.json"


if __name__ == "__main__":
    sys.exit(main())
