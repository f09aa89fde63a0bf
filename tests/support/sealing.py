"""Keys of the tests, the same in each: for whoever seals and reads within one test."""

from __future__ import annotations

from typing import Final

from callcenter.core.sealed import Seal

SEAL: Final = Seal({1: bytes(32)}, 1, bytes(32))
