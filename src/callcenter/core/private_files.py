"""Small JSON files that only the server's own user may read, made once even when two processes start together."""

from __future__ import annotations

import contextlib
import json
import os
import stat
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from callcenter.core.errors import Misconfigured


def read_or_make(path: Path, make: Callable[[], Mapping[str, Any]]) -> dict[str, Any]:
    """The file's content; made by `make` when there is none. Raises Misconfigured where others may read it."""
    if not path.exists():
        _make_once(path, make())
    return read_private(path)


def read_private(path: Path) -> dict[str, Any]:
    """The content of a file that must be closed to other users. Raises Misconfigured."""
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & 0o077:
            raise Misconfigured(
                f"{path}: other users may read it (mode {mode:o}); run: chmod 600 {path}"
            )
        content = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise Misconfigured(f"{path}: cannot be read: {error}") from error
    if not isinstance(content, dict):
        raise Misconfigured(f"{path}: a JSON object is expected")
    return content


def replace_private(path: Path, content: Mapping[str, Any]) -> None:
    """Put new content in the file's place in one step, on disk before it returns."""
    os.replace(_write_aside(path, content), path)
    sync_folder(path.parent)


def _make_once(path: Path, content: Mapping[str, Any]) -> None:
    aside = _write_aside(path, content)
    try:
        # A link fails where a rename would replace: whoever comes second uses what the first one made.
        with contextlib.suppress(FileExistsError):
            os.link(aside, path)
    finally:
        aside.unlink()
    sync_folder(path.parent)


def _write_aside(path: Path, content: Mapping[str, Any]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, aside = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # mode 600
    with os.fdopen(handle, "wb") as file:
        file.write(json.dumps(content, indent=1).encode())
        file.flush()
        os.fsync(file.fileno())
    return Path(aside)


def sync_folder(folder: Path) -> None:
    """What was made or renamed in it is on the disk afterwards. Raises OSError."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
