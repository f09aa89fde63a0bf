"""What came of the last copy and of the last trial of one, in small files of the data folder, for whoever watches their age.

`backups/last.json` says the last of both; `backup.json` and `drill.json` beside it say each.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

from callcenter.core.private_files import replace_private

FOLDER: Final = "backups"
LAST: Final = "last.json"


class Kind(StrEnum):
    """A copy that was taken, and one that was restored into a scratch database, proved and thrown away."""

    BACKUP = "backup"
    DRILL = "drill"


@dataclass(frozen=True, slots=True)
class LastCopy:
    """`place`: the archive; of a copy that failed where it was to be."""

    at: datetime
    kind: Kind
    ok: bool
    place: str


def note(data_dir: Path, said: LastCopy) -> None:
    """Raises OSError."""
    content = {
        "at": said.at.isoformat(),
        "kind": said.kind.value,
        "ok": said.ok,
        "place": said.place,
    }
    for name in (f"{said.kind.value}.json", LAST):
        replace_private(data_dir / FOLDER / name, content)


def last_of(data_dir: Path, kind: Kind) -> LastCopy | None:
    """The last of a kind, whether it went well or not; None: there was none, or its file cannot be read."""
    try:
        said = json.loads((data_dir / FOLDER / f"{kind.value}.json").read_bytes())
        return LastCopy(
            datetime.fromisoformat(said["at"]), Kind(said["kind"]), bool(said["ok"]), said["place"]
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
