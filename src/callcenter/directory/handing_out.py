"""Where exports are made before they are handed out: one at a time, in files that nobody else can open and that are gone
as soon as they are being read.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import BinaryIO, Final

from callcenter.core.errors import Unavailable
from callcenter.core.reserve import Reserve

_CHUNK: Final = 256 * 1024


class Exports:
    """The exports of this process. `folder` is private to it and holds nothing that outlives an export."""

    def __init__(self, folder: Path, reserve: Reserve | None = None) -> None:
        self._folder = folder
        self._reserve = reserve or Reserve(None, 0)
        self._busy = False

    @contextmanager
    def file(self) -> Iterator[Path]:
        """A path to write to, gone with everything beside it at the end of the block. Raises Unavailable `export_running`
        while another export is being made, NoRoom while the disk is nearly full.
        """
        self._reserve.require()
        if self._busy:
            raise Unavailable(
                "Another export is being made at this moment: try again when it is done.",
                code="export_running",
            )
        self._busy = True
        try:
            shutil.rmtree(self._folder, ignore_errors=True)  # what a killed process left behind
            self._folder.mkdir(mode=0o700, parents=True)
            yield Path(mkdtemp(dir=self._folder)) / "export"
        finally:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._busy = False


async def chunks(file: BinaryIO) -> AsyncIterator[bytes]:
    """An open file to its end, read beside the loop; closed afterwards."""
    with file:
        while part := await asyncio.to_thread(file.read, _CHUNK):
            yield part
