"""What went out to the seats lately. Pure."""

from __future__ import annotations

from collections.abc import Hashable

from callcenter.core.recent import Recent


class Versions(Recent[Hashable, int]):
    """Versions that were pushed: what the seats have already is not sent again."""

    def note(self, key: Hashable, version: int) -> None:
        """This version goes out; an older one that comes late changes nothing."""
        if version > self.get(key, 0):
            self.put(key, version)
