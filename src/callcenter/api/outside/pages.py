"""Which files of the built console the page of phones needs: found by what each names, so that no bundle of a seat is among them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

PAGE: Final = "m.html"
_OWN: Final = ("m.", "m-")
"""Files beside the page that are its own: its manifest, its worker, its pictures."""
_PACKED: Final = (".br", ".gz")
_NAMED: Final = re.compile(rb"[A-Za-z0-9_-][A-Za-z0-9._-]*\.[a-z0-9]{2,11}")
_READ: Final = frozenset({".html", ".js", ".css", ".webmanifest"})
"""What may name further files."""


def files_of_phones(folder: Path) -> frozenset[str]:
    """Below the folder of the console; none where the page was not built."""
    if not (folder / PAGE).is_file():
        return frozenset()
    found = {each.name for each in folder.iterdir() if _is_own(each)}
    waiting = sorted(found)
    while waiting:
        for name in sorted(_named_in(folder, waiting.pop()) - found):
            found.add(name)
            waiting.append(name)
    return frozenset(found)


def _is_own(file: Path) -> bool:
    return file.is_file() and file.name.startswith(_OWN) and file.suffix not in _PACKED


def _named_in(folder: Path, name: str) -> set[str]:
    """Files that this one names and that are there."""
    file = folder / name
    if file.suffix not in _READ:
        return set()
    words = {word.decode() for word in _NAMED.findall(file.read_bytes())}
    beside = {word for word in words if file.suffix == ".html" and (folder / word).is_file()}
    pages = {word for word in beside if word.endswith(".html")}
    assets = {f"assets/{word}" for word in words if (folder / "assets" / word).is_file()}
    return assets | (beside - pages)
