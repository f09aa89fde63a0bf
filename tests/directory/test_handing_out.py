"""An export is made one at a time, and leaves nothing behind."""

import pytest

from callcenter.core.errors import NoRoom, Unavailable
from callcenter.core.reserve import Reserve
from callcenter.directory.handing_out import Exports, chunks


def test_a_second_export_is_told_to_wait_for_the_first(tmp_path):
    exports = Exports(tmp_path / "exports")
    with exports.file():
        with pytest.raises(Unavailable) as refused, exports.file():
            pass
        assert refused.value.code == "export_running"
    with exports.file() as path:
        path.write_bytes(b"x")


def test_no_export_is_begun_on_a_disk_that_is_nearly_full(tmp_path):
    exports = Exports(tmp_path / "exports", Reserve(tmp_path, 1))
    with pytest.raises(NoRoom), exports.file():
        pass
    (tmp_path / "reserve").write_bytes(b"x")
    with exports.file() as path:
        path.write_bytes(b"x")


def test_only_its_owner_can_open_an_export_and_nothing_of_it_stays(tmp_path):
    exports = Exports(tmp_path / "exports")
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports" / "left by a killed process").write_text("health data")
    with exports.file() as path:
        path.write_bytes(b"x")
        assert list((tmp_path / "exports").iterdir()) == [path.parent]
        assert (tmp_path / "exports").stat().st_mode & 0o777 == 0o700
    assert not (tmp_path / "exports").exists()


def test_a_failed_export_makes_way_for_the_next(tmp_path):
    exports = Exports(tmp_path / "exports")
    with pytest.raises(RuntimeError), exports.file():
        raise RuntimeError
    with exports.file():
        pass


async def test_an_export_is_read_to_its_end_though_its_name_is_gone(tmp_path):
    path = tmp_path / "export"
    path.write_bytes(bytes(700_000))
    file = path.open("rb")
    path.unlink()
    assert b"".join([part async for part in chunks(file)]) == bytes(700_000)
    assert file.closed
