"""What is exported can be imported again, and is the same then."""

import pytest

from callcenter.core.sealed import Seal
from callcenter.demo.community.load import load
from callcenter.directory.exporting import Wanted, export_residents, national
from callcenter.directory.importing import Options, Scope, import_residents
from callcenter.directory.reading import read_table
from callcenter.records.consents import granted
from callcenter.records.models import Purpose
from callcenter.records.past import DOCUMENT
from callcenter.residents.people import INSURANCE
from tests.support.community import Community
from tests.support.outbox import SHANGHAI

CERTIFICATE = "62090219500101001544"


async def certify(owner, seal):
    """One certificate, and what else lies sealed or is worked out where it is not said."""
    sealed = seal.seal(CERTIFICATE.encode(), context=DOCUMENT)
    await owner.execute(
        "UPDATE resident_fact SET document_sealed = $1 WHERE id ="
        " (SELECT min(id) FROM resident_fact WHERE kind = 'disability' AND withdrawn_at IS NULL)",
        sealed,
    )
    await owner.execute(
        "UPDATE resident SET insurance_sealed = $1, hukou_region_code = '620902001', language = 'en', hazards_en = '{falls}'"
        " WHERE id % 7 = 0",
        seal.seal(b"62000012345678", context=INSURANCE),
    )


async def export(database, seal, clock, folder, file_format="xlsx", language="zh-CN"):
    path = folder / "export"
    wanted = Wanted(None, file_format, language)
    await export_residents(database, seal, wanted, now=clock.now(), path=path)
    return path.read_bytes()


@pytest.mark.parametrize(("file_format", "language"), [("xlsx", "zh-CN"), ("csv", "en")])
async def test_an_export_goes_back_in_and_comes_out_the_same(
    database, owner, clock, tmp_path, file_format, language
):
    seal = Seal.load(tmp_path)
    await load(database, seal, clock, tmp_path, SHANGHAI)
    await owner.execute("UPDATE device SET encrypted_only = id % 2 = 0 WHERE id % 3 > 0")
    await owner.execute(
        "UPDATE resident SET salutation = '沈奶奶', contact_policy = 'all_at_once' WHERE id % 3 = 0"
    )
    await certify(owner, seal)
    await owner.execute("DELETE FROM resident WHERE identity_sealed IS NULL")  # who is there twice
    exported = await export(database, seal, clock, tmp_path, file_format, language)
    assert len(read_table(exported).rows) == 60
    assert CERTIFICATE in str(read_table(exported).rows)
    await owner.execute(
        "DELETE FROM call_filing; DELETE FROM call; DELETE FROM device_assignment; DELETE FROM device; DELETE FROM place_photograph;"
        " DELETE FROM resident; DELETE FROM home"
    )

    root = await owner.fetchval("SELECT id FROM region WHERE parent_id IS NULL")
    report = await import_residents(
        database,
        seal,
        clock,
        exported,
        scope=Scope(),
        options=Options(dry_run=False, region_id=root),
    )
    assert [(row.name, row.problems) for row in report.bad] == []
    assert report.written == 60
    again = await export(database, seal, clock, tmp_path, file_format, language)
    assert strip_order(read_table(again).rows) == strip_order(read_table(exported).rows)


async def test_more_people_than_a_slice_come_each_once_in_the_order_of_the_tree(
    database, owner, clock, tmp_path
):
    community = await Community.found(owner)
    homes = [await community.home(address=f"榆荫里{number}号") for number in range(3)]
    await owner.execute(
        "INSERT INTO resident (home_id, name, name_latin, pinyin, initials, created_at, updated_at)"
        " SELECT ($1::bigint[])[n % 3 + 1], n::text, '', '', '', $2, $2 FROM generate_series(1, 401) AS n",
        homes,
        clock.now(),
    )
    rows = read_table(await export(database, Seal.load(tmp_path), clock, tmp_path, "csv")).rows
    expected = [str(n) for rest in (0, 1, 2) for n in range(1, 402) if n % 3 == rest]
    assert [row[0] for row in rows] == expected


async def test_a_provider_gets_those_alone_who_agreed_to_it_last(database, owner, clock, tmp_path):
    community = await Community.found(owner)
    home = await community.home()
    for name, words in {"甲": ["granted"], "乙": ["granted", "withdrawn"], "丙": []}.items():
        resident = await community.resident(home, name)
        for day, kind in enumerate(words, start=1):
            await owner.execute(
                "INSERT INTO consent (resident_id, purpose, kind, given_by, at)"
                " VALUES ($1, 'provider_sees_profile', $2, 'self', make_timestamptz(2026, 1, $3, 0, 0, 0))",
                resident,
                kind,
                day,
            )
    wanted = Wanted(None, "csv", "zh-CN", granted(Purpose.PROVIDER_SEES_PROFILE))
    path = tmp_path / "export"
    await export_residents(database, Seal.load(tmp_path), wanted, now=clock.now(), path=path)
    assert [row[0] for row in read_table(path.read_bytes()).rows] == ["甲"]


def strip_order(rows):
    """Homes have new ids, so the order within a grid may differ."""
    return sorted(rows)


@pytest.mark.parametrize(
    ("e164", "written"),
    [
        ("+8613901000137", "13901000137"),
        ("+861085290000", "01085290000"),
        ("+4915112345678", "004915112345678"),
        (None, ""),
    ],
)
def test_numbers_are_written_as_people_dial_them(e164, written):
    assert national(e164) == written
