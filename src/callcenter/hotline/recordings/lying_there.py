"""What the exchange has written and nobody has taken in yet."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from callcenter.core.errors import Invalid
from callcenter.hotline.recordings.rewriting import Source, look
from callcenter.hotline.recordings.ripeness import Lying, grouped

LONGEST_NAME: Final = 120


@dataclass(frozen=True, slots=True)
class Files:
    """Those of one name. `sources` are those that can be read, by the part they are, and `paths` where they lie; `broken` says what is
    wrong with another, which is left alone.
    """

    name: str
    sources: dict[str, Source]
    paths: tuple[Path, ...]
    broken: str
    changed_at: datetime

    @property
    def lying(self) -> Lying:
        closed = bool(self.sources) and all(each.wave.is_closed for each in self.sources.values())
        return Lying(closed and not self.broken, self.changed_at)

    @property
    def seconds(self) -> float:
        return max((each.wave.seconds for each in self.sources.values()), default=0.0)


def lying_in(folder: Path) -> Sequence[Files]:
    """Of each call, whoever waits longest first. Raises OSError where the folder cannot be read."""
    found = grouped(each.name for each in folder.iterdir())
    named = [_files(folder, name, parts) for name, parts in found.items() if _is_plain(name)]
    return sorted(
        (each for each in named if each.paths or each.broken), key=lambda each: each.changed_at
    )


def _files(folder: Path, name: str, parts: set[str]) -> Files:
    sources, paths, broken, changed = {}, [], "", 0.0
    for part in sorted(parts):
        path = folder / f"{name}{part}.wav"
        with suppress(FileNotFoundError):  # it was taken in by another office just now
            changed = max(changed, path.stat().st_mtime)
            try:
                sources[part] = look(path)
                paths.append(path)
            except Invalid as error:
                broken = error.message
            except PermissionError as error:
                broken = str(error)
    return Files(name, sources, tuple(paths), broken, datetime.fromtimestamp(changed, UTC))


def _is_plain(name: str) -> bool:
    """It becomes the name of a file again."""
    return len(name) <= LONGEST_NAME and all(
        each.isascii() and (each.isalnum() or each in "-._") for each in name
    )
