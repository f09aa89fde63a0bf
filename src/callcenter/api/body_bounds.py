"""How much of a body is read and for how long, by who sends it and where to."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from callcenter.adjustable.known import SETTINGS
from callcenter.auth.permissions import Action

KIB: Final = 1024
MIB: Final = 1024 * KIB
AROUND_A_FILE: Final = 12 * MIB
"""The other fields of its form, and so much more that a file somewhat too large is refused in words and not by its length."""
PHOTO_MOST: Final = 3 * MIB
"""The photo's own cap is 2 MiB."""
PHOTOGRAPH_MOST: Final = 5 * MIB
"""One of a place has at most 4 MiB."""
PHONE_PHOTO_MOST: Final = 11 * MIB
"""One that comes from the field has at most 10 MiB."""
PICTURE_MOST: Final = 22 * MIB
"""A map's picture has at most 20 MiB."""
GEOJSON_MOST: Final = 4 * MIB
PROMPT_MOST: Final = 22 * MIB
"""A recorded prompt has at most 20 MiB."""

_FILE_EVER: Final = SETTINGS["imports.file_mb"].most * MIB
_IMPORT: Final = re.compile(r"/api/v1/residents/import")
_PHOTO: Final = re.compile(r"/api/v1/residents/\d+/photo")
_PHOTOGRAPH: Final = re.compile(r"/api/v1/(homes|buildings)/\d+/photographs(/\d+)?")
_PHONE_PHOTO: Final = re.compile(r"/api/v1/phone/photos/[^/]+")
_PICTURE: Final = re.compile(r"/api/v1/drawing/\d+/picture")
_PROMPT: Final = re.compile(r"/api/v1/hotline/prompts/[^/]+/[^/]+")
_GEOJSON: Final = re.compile(r"/api/v1/drawing/\d+/geojson")


@dataclass(frozen=True, slots=True)
class Upload:
    """A body of up to `most` bytes, which may take `within_s` seconds and needs a right; None: a phone that is let in."""

    most: int
    within_s: float
    right: Action | None


@dataclass(frozen=True, slots=True)
class BodyBounds:
    """Bytes, and seconds for a whole body; `at_once`: uploads, whose bodies lie on the disk while they are read."""

    most: int = MIB
    within_s: float = 20.0
    strangers_most: int = 64 * KIB
    strangers_within_s: float = 10.0
    at_once: int = 4
    file_most: int = 20 * MIB
    file_within_s: float = 300.0
    photo_within_s: float = 60.0
    file_mb_now: Callable[[], int] | None = None
    """What an administrator says of a file while the server runs, in MiB; None: `file_most` holds."""

    def upload_at(self, path: str) -> Upload | None:
        """The upload that goes to this path."""
        if _IMPORT.fullmatch(path):
            file = self.file_most if self.file_mb_now is None else self.file_mb_now() * MIB
            most = file + AROUND_A_FILE
            return Upload(most, self.file_within_s, Action.IMPORT_RESIDENTS)
        if _PHOTO.fullmatch(path):
            return Upload(PHOTO_MOST, self.photo_within_s, Action.EDIT_RESIDENTS)
        if found := _PHOTOGRAPH.fullmatch(path):
            right = Action.EDIT_RESIDENTS if found[1] == "homes" else Action.DRAW_MAP
            return Upload(PHOTOGRAPH_MOST, self.photo_within_s, right)
        return self._of_map_or_phone(path)

    def _of_map_or_phone(self, path: str) -> Upload | None:
        if _PHONE_PHOTO.fullmatch(path):
            return Upload(PHONE_PHOTO_MOST, self.file_within_s, None)
        if _PICTURE.fullmatch(path):
            return Upload(PICTURE_MOST, self.file_within_s, Action.DRAW_MAP)
        if _PROMPT.fullmatch(path):
            return Upload(PROMPT_MOST, self.file_within_s, Action.MANAGE_LINES)
        if _GEOJSON.fullmatch(path):
            return Upload(GEOJSON_MOST, self.photo_within_s, Action.DRAW_MAP)
        return None

    def most_at(self, path: str) -> int:
        """Bytes of somebody who is logged in."""
        upload = self.upload_at(path)
        return upload.most if upload else self.most

    @property
    def most_of_all(self) -> int:
        """Bytes of any request's body, with what stands between the pieces of a form."""
        file = self.file_most if self.file_mb_now is None else max(self.file_most, _FILE_EVER)
        return max(self.most, file + AROUND_A_FILE, PICTURE_MOST) + MIB

    def within_s_at(self, path: str) -> float:
        """Seconds of somebody who is logged in."""
        upload = self.upload_at(path)
        return upload.within_s if upload else self.within_s


USUAL: Final = BodyBounds()
