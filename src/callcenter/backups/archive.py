"""The archive: parts one after the other, each with its sum behind it, and the manifest at the end. Written and read in one go, since
nobody knows how long a dump is before it has ended.
"""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Final

from callcenter.backups.keys import Keys
from callcenter.backups.manifest import Manifest, Part, read_manifest
from callcenter.backups.sealed_stream import CHUNK, SealedReader, SealedWriter
from callcenter.core.errors import Invalid

_RECORD: Final = struct.Struct(">cI")
_BEGIN: Final = b"P"
_DATA: Final = b"D"
_END: Final = b"E"
_MANIFEST: Final = b"M"


class ArchiveWriter:
    """Puts parts and manifest into a sealed stream."""

    def __init__(self, stream: SealedWriter) -> None:
        self._stream = stream
        self.parts: list[Part] = []

    def add(self, name: str, content: Iterator[bytes]) -> None:
        """One part. Raises OSError, and what `content` raises."""
        self._put(_BEGIN, json.dumps({"name": name}).encode())
        sum_, size = hashlib.sha256(), 0
        for data in content:
            for at in range(0, len(data), CHUNK):
                self._put(_DATA, data[at : at + CHUNK])
            sum_.update(data)
            size += len(data)
        part = Part(name, size, sum_.hexdigest())
        self._put(_END, json.dumps({"size": size, "sha256": part.sha256}).encode())
        self.parts.append(part)

    def end(self, manifest: Manifest) -> None:
        """The manifest, and the end of the stream. Raises OSError."""
        self._put(_MANIFEST, manifest.as_json())
        self._stream.close()

    def _put(self, kind: bytes, body: bytes) -> None:
        self._stream.write(_RECORD.pack(kind, len(body)))
        self._stream.write(body)


class ArchiveReader:
    """The parts in their order; the manifest is there when all of them were read."""

    def __init__(self, stream: SealedReader) -> None:
        self._stream = stream
        self.manifest: Manifest | None = None

    def parts(self) -> Iterator[tuple[str, Iterator[bytes]]]:
        """Name and content of each; what of it is not read is passed over. Raises Invalid for a sum that is wrong."""
        while True:
            kind, body = self._record()
            if kind == _MANIFEST:
                self.manifest = read_manifest(body)
                return
            if kind != _BEGIN:
                raise _damaged("a part was expected")
            name = _safe(json.loads(body)["name"])
            content = self._content(name)
            yield name, content
            for _ in content:
                pass

    def _content(self, name: str) -> Iterator[bytes]:
        sum_ = hashlib.sha256()
        while True:
            kind, body = self._record()
            if kind == _DATA:
                sum_.update(body)
                yield body
            elif kind == _END:
                if json.loads(body)["sha256"] != sum_.hexdigest():
                    raise _damaged(f"the sum of {name} is wrong")
                return
            else:
                raise _damaged(f"{name} has no end")

    def _record(self) -> tuple[bytes, bytes]:
        head = self._stream.read(_RECORD.size)
        if len(head) < _RECORD.size:
            raise _damaged("it has no end")
        kind, length = _RECORD.unpack(head)
        body = self._stream.read(length)
        if len(body) < length:
            raise _damaged("it is cut off")
        return kind, body


@contextmanager
def opened(path: Path, keys: Keys) -> Iterator[ArchiveReader]:
    """For reading. Raises Invalid, also for a file that is not there."""
    try:
        with path.open("rb", buffering=CHUNK) as file:
            yield ArchiveReader(SealedReader(file, keys.backup_key, keys.backup_key_id))
    except OSError as error:
        raise Invalid(f"{path}: cannot be read: {error}", code="copy_damaged") from error


def checked(path: Path, keys: Keys) -> Manifest:
    """Read all of it and hold every sum against the manifest: nothing is touched before this is done. Raises Invalid."""
    found: list[Part] = []
    with opened(path, keys) as archive:
        for name, content in archive.parts():
            sum_, size = hashlib.sha256(), 0
            for data in content:
                sum_.update(data)
                size += len(data)
            found.append(Part(name, size, sum_.hexdigest()))
    manifest = archive.manifest
    if manifest is None or list(manifest.parts) != found:
        raise _damaged("its parts are not those of its manifest")
    return manifest


def _safe(name: str) -> str:
    """A name leads nowhere but below the folder that it is written to."""
    parts = PurePosixPath(name).parts
    if not parts or name.startswith("/") or ".." in parts or "\0" in name:
        raise _damaged(f"a part has the name {name!r}")
    return name


def _damaged(what: str) -> Invalid:
    return Invalid(f"The archive is damaged: {what}. Use another copy", code="copy_damaged")
