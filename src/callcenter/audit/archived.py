"""A file of the archive: the rows of one part with their links, so that it proves itself without the database.

A line of text that says what it is, a line of JSON about the whole, then frames: four bytes of length, and sealed with the site's key
some thousand rows as compressed lines. A row is a JSON list: its link's number, the hash before (only where the line before is not
the link before), its hash, when and by whom it was linked, and all that it says, as the hash goes over it. A frame of no length ends
the file.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import file_digest
from pathlib import Path
from typing import IO, Final, Self

from callcenter.audit.chain import Link, Mark, hash_of, plain
from callcenter.core.errors import Invalid
from callcenter.core.sealed import Seal

MAGIC: Final = b"callcenter archive 1\n"
_LENGTH: Final = struct.Struct(">I")
_MOST_HEADER: Final = 64_000
_MOST_FRAME: Final = 256_000_000


@dataclass(frozen=True, slots=True)
class Header:
    """What the file says about itself; the hashes in hex."""

    chain: str
    part: str
    low: str
    high: str
    rows: int
    from_number: int
    from_hash: str
    to_number: int
    to_hash: str
    columns: Sequence[str]
    written_at: str
    written_by: str

    def line(self) -> bytes:
        said = {name: getattr(self, name) for name in self.__slots__}
        return json.dumps(said, ensure_ascii=False).encode() + b"\n"

    @classmethod
    def read(cls, line: bytes) -> Self:
        """Raises Invalid `no_archive`."""
        try:
            return cls(**json.loads(line))
        except (ValueError, TypeError) as error:
            raise Invalid(f"no header of an archive: {error}", code="no_archive") from error


@dataclass(frozen=True, slots=True)
class Archived:
    """A row as the file has it. `before`: the hash that its own goes over."""

    number: int
    before: bytes
    hash: bytes
    mark: Mark | None
    said: Sequence[object]

    @property
    def holds(self) -> bool:
        return hash_of(self.before, self.number, self.mark, self.said) == self.hash


def frame_of(rows: Sequence[tuple[Link, bytes]]) -> bytes:
    """Links with the hashes before them, in order, as compressed lines."""
    lines, number = [], None
    for link, before in rows:
        goes_on = number is not None and link.number == number + 1
        number = link.number
        line = [
            link.number,
            None if goes_on else before.hex(),
            link.hash.hex(),
            plain(link.mark.at) if link.mark else None,
            link.mark.by if link.mark else None,
            *(plain(value) for value in link.said or ()),
        ]
        lines.append(json.dumps(line, ensure_ascii=False, sort_keys=True, separators=(",", ":")))
    return zlib.compress("\n".join(lines).encode())


def place_of_archive(data_dir: Path) -> Path:
    """Where the files lie."""
    return data_dir / "archive"


class Writing:
    """Of one file, frame by frame."""

    def __init__(self, file: IO[bytes], header: Header, seal: Seal) -> None:
        self._file = file
        self._header = header
        self._seal = seal
        self._frames = 0
        file.write(MAGIC + header.line())

    def add(self, rows: Sequence[tuple[Link, bytes]]) -> None:
        sealed = self._seal.seal(frame_of(rows), context=_context(self._header, self._frames))
        self._file.write(_LENGTH.pack(len(sealed)) + sealed)
        self._frames += 1

    def end(self) -> None:
        self._file.write(_LENGTH.pack(0))
        self._file.flush()


def header_of(path: Path) -> Header:
    """Raises Invalid `no_archive`."""
    with path.open("rb") as file:
        return _header(file, path)


def rows_of(path: Path, seal: Seal) -> Iterator[Archived]:
    """All of them. Raises Invalid: `no_archive`, `archive_torn`, `seal_broken`."""
    with path.open("rb") as file:
        header = _header(file, path)
        for nth, sealed in enumerate(_frames(file, path)):
            content = zlib.decompress(seal.open(sealed, context=_context(header, nth)))
            before = b""
            for line in content.decode().split("\n"):
                row = _row(json.loads(line), before)
                before = row.hash
                yield row


def faults_in(path: Path, seal: Seal) -> Iterator[str]:
    """What does not hold, in English; nothing: the file is as it was written, from its first link to its last."""
    header = header_of(path)
    rows, first, last = 0, None, None
    for row in rows_of(path, seal):
        if not row.holds:
            yield f"link {row.number}: the row is not as it was linked"
        if last is not None and row.number <= last.number:
            yield f"link {row.number}: stands behind link {last.number}"
        if last is not None and row.number == last.number + 1 and row.before != last.hash:
            yield f"link {row.number}: does not go on from link {last.number}"
        first, last, rows = first or row, row, rows + 1
    if rows != header.rows:
        yield f"it has {rows} rows, and its head says {header.rows}"
    if first and (first.number, first.before.hex()) != (header.from_number, header.from_hash):
        yield f"it begins with link {first.number}, and its head says {header.from_number}"
    if last and (last.number, last.hash.hex()) != (header.to_number, header.to_hash):
        yield f"it ends with link {last.number}, and its head says {header.to_number}"


def sha256_of(path: Path) -> bytes:
    """Of the whole file, as its cut has it. Raises OSError."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").digest()


def _header(file: IO[bytes], path: Path) -> Header:
    if file.read(len(MAGIC)) != MAGIC:
        raise Invalid(f"{path} is no file of the archive", code="no_archive")
    return Header.read(file.readline(_MOST_HEADER))


def _frames(file: IO[bytes], path: Path) -> Iterator[bytes]:
    while len(head := file.read(_LENGTH.size)) == _LENGTH.size:
        [length] = _LENGTH.unpack(head)
        if length == 0:
            if file.read(1):
                raise Invalid(f"{path} goes on behind its end", code="archive_torn")
            return
        if length > _MOST_FRAME or len(sealed := file.read(length)) < length:
            break
        yield sealed
    raise Invalid(f"{path} ends in the middle", code="archive_torn")


def _row(line: Sequence[object], before: bytes) -> Archived:
    number, said_before, hash_, at, by, *said = line
    mark = Mark(datetime.fromisoformat(str(at)), str(by)) if at else None
    return Archived(
        number=int(str(number)),
        before=bytes.fromhex(str(said_before)) if said_before else before,
        hash=bytes.fromhex(str(hash_)),
        mark=mark,
        said=said,
    )


def _context(header: Header, nth: int) -> str:
    """A frame opens nowhere but in its place, under its own head."""
    return f"archive {header.chain} {header.part} {header.to_hash} {header.rows} {nth}"
