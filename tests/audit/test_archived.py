"""A file of the archive proves itself: changed, cut short or made longer it does not open, and what it holds is what was linked."""

from __future__ import annotations

import dataclasses
from io import BytesIO

import pytest

from callcenter.audit import archived
from callcenter.audit.archived import Writing, faults_in, header_of, rows_of
from callcenter.audit.chain import Link
from callcenter.core.errors import Invalid
from tests.support.vault import Vault, two_years_in


@pytest.fixture
async def aged(database, owner, tmp_path):
    """Two months lie in the archive, one is kept."""
    vault = Vault(database, owner, tmp_path)
    await two_years_in(vault)
    await vault.age()
    yield vault
    await vault.close()


async def test_a_file_that_was_changed_does_not_open(aged):
    file = aged.files[0]
    whole = file.read_bytes()
    half = len(whole) // 2 + 100
    for broken in (whole[:-1], whole[:-9], whole + b"x", whole[:half] + bytes([whole[half] ^ 1]) + whole[half + 1 :],
                   whole.replace(b'"rows": 3', b'"rows": 4')):  # fmt: skip
        file.write_bytes(broken)
        with pytest.raises(Invalid):
            list(faults_in(file, aged.seal))
    assert header_of(file).rows == 4


async def test_the_rows_are_as_the_table_had_them(aged):
    rows = list(rows_of(aged.files[0], aged.seal))
    assert [row.number for row in rows] == [1, 2, 3]
    said = dict(zip(header_of(aged.files[0]).columns, rows[0].said, strict=True))
    assert (said["subject"], said["detail"]) == ("求助", {"b": [1.5, None], "a": "老人"})
    raw = dict(
        zip(
            header_of(aged.files[2]).columns,
            next(rows_of(aged.files[2], aged.seal)).said,
            strict=True,
        )
    )
    assert (raw["raw"], raw["lat"]) == ("00ff", 39.123456789)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda rows: [dataclasses.replace(rows[0], said=("x", *rows[0].said[1:])), *rows[1:]], "link 1: the row is not as it was linked"),
        (lambda rows: rows[:-1], "it has 2 rows"),
        (lambda rows: rows[1:], "it begins with link 2"),
        (lambda rows: [rows[1], rows[0], rows[2]], "link 1: stands behind link 2"),
        (lambda rows: [rows[0], rows[2]], "it has 2 rows"),
        (lambda rows: [*rows[:2], dataclasses.replace(rows[2], before=rows[0].hash)], "link 3: the row is not as it was linked"),
    ],
)  # fmt: skip
async def test_whoever_has_the_keys_and_writes_another_file_is_named(aged, change, named):
    file = aged.files[0]
    header, rows = header_of(file), list(rows_of(file, aged.seal))
    written = BytesIO()
    writing = Writing(written, header, aged.seal)
    for row in change(rows):
        link = Link(number=row.number, key=(), hash=row.hash, mark=row.mark, said=row.said, at=None)
        writing.add([(link, row.before)])
    writing.end()
    file.write_bytes(written.getvalue())
    assert any(fault.startswith(named) for fault in faults_in(file, aged.seal))


async def test_a_frame_opens_only_in_its_place(aged, monkeypatch):
    first, second = (file.read_bytes() for file in aged.files[:2])
    head = first.index(b"\n", len(archived.MAGIC)) + 1
    other = second.index(b"\n", len(archived.MAGIC)) + 1
    aged.files[0].write_bytes(first[:head] + second[other:])
    with pytest.raises(Invalid, match="cannot be opened"):
        list(rows_of(aged.files[0], aged.seal))
