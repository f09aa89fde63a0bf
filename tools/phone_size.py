"""Prints what the page of phones weighs on the line: the page and everything that it loads at once, packed by gzip."""

from __future__ import annotations

import gzip
import re
import sys
from pathlib import Path

STATIC = Path(__file__).parents[1] / "src/callcenter/static"
MOST_KB = 60.0


def parts(static: Path = STATIC) -> list[tuple[str, float]]:
    """Each with its kB."""
    page = (static / "m.html").read_text("utf-8")
    names = ["m.html", *re.findall(r'(?:src|href)="/(assets/[^"]+)"', page)]
    return [(name, len(gzip.compress((static / name).read_bytes())) / 1000) for name in names]


def main() -> int:
    """Fails where it is more than an old phone on a bad line should load."""
    found = parts()
    for name, size in found:
        print(f"{size:7.1f} kB  {name}")  # noqa: T201 - what it is for
    total = sum(size for _, size in found)
    print(f"{total:7.1f} kB  in all; at most {MOST_KB:g}")  # noqa: T201
    return int(total > MOST_KB)


if __name__ == "__main__":
    sys.exit(main())
