"""Files of keys and secrets: made once, read by nobody else, replaced in one step."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

import pytest

from callcenter.core.errors import Misconfigured
from callcenter.core.private_files import read_or_make, read_private, replace_private


def test_it_is_made_closed_to_others_and_kept(tmp_path: Path):
    path = tmp_path / "below" / "keys.json"
    assert read_or_make(path, lambda: {"key": 1}) == {"key": 1}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read_or_make(path, lambda: {"key": 2}) == {"key": 1}


def test_of_many_who_make_it_at_once_all_read_the_same(tmp_path: Path):
    path, numbers = tmp_path / "keys.json", count()
    with ThreadPoolExecutor(8) as pool:
        found = list(
            pool.map(lambda _: read_or_make(path, lambda: {"key": next(numbers)}), range(16))
        )
    assert all(one == found[0] for one in found)
    assert [each.name for each in tmp_path.iterdir()] == ["keys.json"]


def test_it_is_replaced_whole(tmp_path: Path):
    path = tmp_path / "keys.json"
    read_or_make(path, lambda: {"key": 1})
    replace_private(path, {"key": 2})
    assert read_private(path) == {"key": 2}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("content", "mode", "reason"),
    [
        (b"{}", 0o640, "chmod 600"),
        (b"{", 0o600, "cannot be read"),
        (b"[]", 0o600, "a JSON object"),
    ],
)
def test_what_others_may_read_or_nobody_can_is_refused(
    tmp_path: Path, content: bytes, mode: int, reason: str
):
    path = tmp_path / "keys.json"
    path.write_bytes(content)
    path.chmod(mode)
    with pytest.raises(Misconfigured, match=reason):
        read_private(path)
