"""Writes console/src/api/schema.gen.ts from the OpenAPI document: REST and WebSocket messages in one file of types."""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "console/src/api/schema.gen.ts"


def generate(folder: Path) -> str:
    """The types as they follow from today's API."""
    document, types = folder / "openapi.json", folder / "schema.ts"
    openapi = [sys.executable, "-m", "callcenter", "openapi", "--output", str(document)]
    subprocess.run(openapi, cwd=ROOT, check=True)
    generator = ["node", "node_modules/openapi-typescript/bin/cli.js", str(document)]
    command = [sys.executable, "hatch_build.py", *generator, "--output", str(types)]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return types.read_text("utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="only tell whether it is up to date")
    check: bool = parser.parse_args().check
    with tempfile.TemporaryDirectory() as folder:
        types = generate(Path(folder))
    if not check:
        TARGET.write_text(types, "utf-8")
    elif not TARGET.exists() or TARGET.read_text("utf-8") != types:
        sys.stderr.write(
            f"{TARGET.relative_to(ROOT)} is not that of today's API; run: make types\n"
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
