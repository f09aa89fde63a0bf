"""Importing registers: all or nothing, or the good rows; duplicates recognised; ten thousand rows in one piece."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from callcenter.core.errors import Conflict
from callcenter.core.sealed import Seal
from callcenter.directory.importing import Options, Scope, Stage, import_residents
from callcenter.directory.reading import read_table
from callcenter.directory.report import Mode, bad_rows_file
from callcenter.residents.identity import check_digit
from tests.support.community import Community

HEADINGS = "姓名,身份证号,电话,楼号,单元,门牌,小区,联系人1,联系人1关系,联系人1电话,设备号"
GOOD = "沈玉兰,11010519491231002X,13901000137,7,2,501,榆荫里,周晓梅,女儿,13909100228,A101"
ALSO_GOOD = "贺长林,,13901000274,3,1,201,榆荫里,,,,"
BAD = "费德海,3.7E+17,1.39E+10,11,1,102,榆荫里,,,,"


def file(*rows: str) -> bytes:
    return "\n".join((HEADINGS, *rows)).encode()


@pytest.fixture
def seal(tmp_path):
    return Seal.load(tmp_path)


@pytest.fixture
async def community(owner):
    founded = await Community.found(owner)
    await founded.source()
    return founded


@pytest.fixture
def run(database, seal, clock, community):
    async def run(content, *, scope=None, progress=None, **options):
        chosen = Options(**{"dry_run": False, "region_id": community.street} | options)
        told = progress or (lambda *_: None)
        return await import_residents(
            database, seal, clock, content, scope=scope or Scope(), options=chosen, progress=told
        )

    return run


def reasons(report):
    return {row.number: [(p.column, p.code) for p in row.problems] for row in report.bad}


async def count(owner, table):
    return await owner.fetchval(f"SELECT count(*) FROM {table}")  # noqa: S608 - names of this file


async def test_good_rows_become_residents_with_home_contacts_and_device(run, owner, seal):
    report = await run(file(GOOD, ALSO_GOOD))
    assert (report.total, report.written, reasons(report)) == (2, 2, {})
    shen = await owner.fetchrow(
        "SELECT * FROM resident JOIN home ON home.id = home_id WHERE name = '沈玉兰'"
    )
    assert (shen["pinyin"], shen["sex"], shen["birth_date"]) == (
        "shenyulan",
        "female",
        date(1949, 12, 31),
    )
    assert (shen["address"], shen["floor"]) == ("榆荫里7号楼2单元501室", 5)
    assert seal.open(shen["identity_sealed"], context="resident.identity") == b"11010519491231002X"
    contact = await owner.fetchrow("SELECT * FROM contact")
    assert (contact["name_latin"], contact["phone"], contact["rank"]) == (
        "Zhou Xiaomei",
        "+8613909100228",
        1,
    )
    device = await owner.fetchrow(
        "SELECT * FROM device JOIN device_assignment ON device.id = device_id"
    )
    assert (device["source"], device["identifier"]) == ("dc09", "A101")


@pytest.mark.parametrize(
    ("written", "sent"), [("b1c1", "B1C1"), ("42", "0042"), ("L0#b1c1", "B1C1")]
)
async def test_a_device_is_called_as_its_panel_calls_itself(run, owner, written, sent):
    await run(file(GOOD.replace("A101", written)))
    assert await owner.fetchval("SELECT identifier FROM device") == sent
    again = await run(file(ALSO_GOOD + sent))
    assert [column for column, _ in reasons(again)[2]] == ["设备号"]


async def test_the_office_s_words_and_the_area_code_of_its_region_are_understood(run, owner):
    await owner.execute(
        "INSERT INTO import_word (word, form, subject, value) VALUES ('五色户', '五色户', 'welfare', 'preferential')"
    )
    content = "姓名,住址,电话,人员类别\n沈玉兰,7号楼2单元501,8012350,五色户、神仙\n".encode()
    report = await run(content)
    assert (report.written, reasons(report)) == (1, {})
    assert [each.code for each in report.remarks[0].problems] == ["area_code_added", "unknown_word"]
    shen = await owner.fetchrow("SELECT phone, welfare, talk_note FROM resident")
    assert tuple(shen) == ("+869998012350", ["preferential"], "人员类别：神仙")


async def test_a_region_without_a_hotline_adds_no_area_code(run, owner):
    await owner.execute("UPDATE region SET hotline = NULL")
    report = await run("姓名,住址,电话\n沈玉兰,7号楼2单元501,8012350\n".encode())
    assert [each.code for each in report.remarks[0].problems] == ["no_area_code"]
    assert await owner.fetchval("SELECT talk_note FROM resident") == "电话：8012350"


async def test_whoever_moves_into_a_home_that_was_merged_lives_in_the_one_kept(
    run, owner, community
):
    kept = await community.home(address="榆荫里7号楼2单元501室")
    await community.home(address="榆荫里旧7号楼2单元501室")
    await owner.execute("UPDATE home SET merged_into = $1 WHERE id <> $1", kept)
    await run("姓名,住址\n沈玉兰,榆荫里旧7号楼2单元501室\n".encode())
    assert await owner.fetchval("SELECT home_id FROM resident") == kept


async def test_a_dry_run_tells_everything_and_writes_nothing(run, owner):
    report = await run(file(GOOD, BAD), dry_run=True)
    assert (report.total, report.good, report.written) == (2, 1, 0)
    assert reasons(report) == {3: [("身份证号", "mangled"), ("电话", "mangled")]}
    assert await count(owner, "resident") == 0
    assert await count(owner, "audit_entry") == 0


async def test_one_bad_row_stops_all(run, owner):
    report = await run(file(GOOD, BAD))
    assert report.written == 0
    assert await count(owner, "home") == 0


async def test_on_request_the_good_rows_go_in_and_the_bad_ones_come_back(run, owner):
    report = await run(file(GOOD, BAD, ALSO_GOOD), mode=Mode.GOOD_ROWS)
    assert report.written == 2
    back = read_table(bad_rows_file(report, "zh-CN"))
    assert back.rows[0][:2] == ["费德海", "3.7E+17"]
    assert "文本" in back.rows[0][-1]
    assert back.ignored == ["导入失败原因"], "the file can be corrected and imported again as it is"


async def test_importing_twice_recognises_everybody(run, owner):
    await run(file(GOOD, ALSO_GOOD))
    again = await run(file(GOOD, ALSO_GOOD), mode=Mode.GOOD_ROWS)
    assert again.written == 0
    assert reasons(again) == {
        2: [("身份证号", "identity_taken"), ("姓名", "already_registered")],
        3: [("姓名", "already_registered")],
    }
    assert await count(owner, "resident") == 2


async def test_the_same_person_twice_in_a_file_is_told_with_the_row(run):
    report = await run(file(GOOD, ALSO_GOOD, GOOD.replace(",A101", ",")), dry_run=True)
    [problem] = report.bad[0].problems
    assert (report.bad[0].number, problem.code) == (4, "duplicate_in_file")
    assert "第2行" in problem.message_zh


async def test_a_person_without_birth_date_is_known_by_name_and_home(run):
    await run(file(GOOD))
    again = await run(file("沈玉兰,,,7,2,501,榆荫里,,,,"), mode=Mode.GOOD_ROWS)
    assert reasons(again) == {2: [("姓名", "already_registered")]}


async def test_father_and_son_of_one_name_are_two(run):
    headings = "姓名,住址,出生日期\n"
    report = await run(
        (headings + "王伟,甲,1940-01-01\n王伟,甲,1965-01-01\n王伟,甲,\n").encode(), dry_run=True
    )
    assert {row.number: row.problems[0].code for row in report.bad} == {4: "duplicate_in_file"}


async def test_a_home_without_estate_takes_that_of_its_building(run, owner, community):
    await owner.execute(
        "INSERT INTO building (region_id, estate, name, name_en, floors, footprint)"
        " VALUES ($1, '榆荫里', '7号楼', 'Building 7', 6, '[]')",
        community.street,
    )
    await run("姓名,楼号,单元,门牌\n沈玉兰,7,2,501\n".encode())
    home = await owner.fetchrow("SELECT address, building_id FROM home")
    assert home["address"] == "榆荫里7号楼2单元501室"
    assert home["building_id"] is not None


async def test_two_people_of_one_address_share_the_home(run, owner):
    await run(file(GOOD, "周建国,,,7,2,501,榆荫里,,,,"))
    assert (await count(owner, "home"), await count(owner, "resident")) == (1, 2)


async def test_one_flat_in_two_spellings_is_one_home_in_its_building(run, owner, community):
    await owner.execute(
        "INSERT INTO building (region_id, estate, name, name_en, floors, footprint)"
        " VALUES ($1, '榆荫里', '7号楼', 'Building 7', 6, '[]')",
        community.street,
    )
    await run("姓名,住址\n沈玉兰,榆荫里7-2-501\n贺长林,榆荫里小区七号楼二单元501室\n".encode())
    [home] = await owner.fetch("SELECT building_id, entrance, door FROM home")
    assert home["building_id"] is not None
    assert (home["entrance"], home["door"]) == ("2", "501")


async def test_of_two_buildings_7_none_is_guessed(run, owner, community):
    for estate in ("榆荫里", "槐荫里"):
        await owner.execute(
            "INSERT INTO building (region_id, estate, name, name_en, floors, footprint)"
            " VALUES ($1, $2, '7号楼', 'Building 7', 6, '[]')",
            community.street,
            estate,
        )
    await run("姓名,住址\n沈玉兰,7号楼2单元501室\n".encode())
    assert await owner.fetchval("SELECT building_id FROM home") is None


async def test_a_home_that_is_there_is_used(run, owner, community):
    home = await community.home(address="榆荫里7号楼2单元501室")
    await run(file(GOOD))
    assert await owner.fetchval("SELECT home_id FROM resident") == home


async def test_a_device_of_another_home_is_not_taken_away(run, owner, community):
    await community.device("A101", await community.home(address="别处"))
    report = await run(file(GOOD))
    assert reasons(report) == {2: [("设备号", "device_taken")]}


async def test_a_free_device_is_assigned_and_its_version_grows(run, owner, community):
    device = await community.device("A101", None)
    await run(file(GOOD))
    row = await owner.fetchrow(
        "SELECT version, device_id FROM device LEFT JOIN device_assignment ON device_id = device.id"
    )
    assert tuple(row) == (2, device)


async def test_rows_belong_to_the_grid_they_name_and_nowhere_else(run, owner, community):
    grid = await community.region(community.street, "grid", "榆荫里第一网格")
    headings = "姓名,住址,网格\n"
    report = await run(
        (headings + "沈玉兰,甲,第一网格\n贺长林,乙,第九网格\n费德海,丙,\n").encode(),
        mode=Mode.GOOD_ROWS,
    )
    assert reasons(report) == {3: [("网格", "unknown_region")]}
    rows = await owner.fetch("SELECT address, region_id FROM home ORDER BY address")
    assert {row["address"]: row["region_id"] for row in rows} == {
        "甲": grid,
        "丙": community.street,
    }


async def test_nobody_imports_outside_their_regions(run, owner, community):
    elsewhere = await community.region(community.root, "street", "槐荫街道")
    scope = Scope(frozenset({elsewhere}), 1, "10.0.0.7")
    report = await run(file(GOOD), scope=scope)
    assert reasons(report) == {2: [("网格", "needs_a_region")]}
    assert await count(owner, "home") == 0


async def test_an_import_leaves_one_entry_in_the_audit_trail(run, owner, community):
    await run(file(GOOD, ALSO_GOOD), scope=Scope(None, None, "10.0.0.7"))
    entry = await owner.fetchrow("SELECT * FROM audit_entry")
    ids = [row["id"] for row in await owner.fetch("SELECT id FROM resident ORDER BY id")]
    assert entry["action"] == "residents_imported"
    assert entry["detail"] == {"count": 2, "first_id": ids[0], "last_id": ids[1]}
    assert entry["region_ids"] == [community.root, community.street]


async def test_two_imports_do_not_write_at_the_same_time(run, owner):
    async with owner.transaction():
        await owner.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        await owner.execute("SELECT pg_advisory_xact_lock($1)", 0x1A9027)
        with pytest.raises(Conflict) as caught:
            await run(file(GOOD))
    assert caught.value.code == "import_running"


MANY = 2_000


def many_rows() -> bytes:
    surnames, given = "王李张刘陈杨赵黄周吴", "秀英建国桂兰志强淑珍"
    rows = []
    for n in range(MANY):
        first17 = f"1101051943{n % 12 + 1:02d}{n % 28 + 1:02d}{n // 28 % 1000:03d}"
        name = surnames[n % 10] + given[n // 10 % 10] + given[n // 100 % 10]
        rows.append(
            f"{name},{first17}{check_digit(first17)},1390{n:07d},{n // 72 + 1},{n % 3 + 1},{n // 3 % 6 + 1}0{n % 2 + 1},"
            f"长乐里,周晓梅,女儿,1391{n:07d},B{n:05X}"
        )
    return file(*rows)


async def test_a_large_file_tells_how_far_it_is_and_all_its_rows_go_in(run, owner):
    told = []
    report = await run(many_rows(), mode=Mode.GOOD_ROWS, progress=lambda *step: told.append(step))
    assert await count(owner, "resident") == report.written
    assert report.written > MANY * 9 // 10
    assert list(dict.fromkeys(stage for stage, _, _ in told)) == list(Stage)
    assert (Stage.READING, MANY, MANY) in told
    assert told[-1] == (Stage.WRITING, report.written, report.written)


async def test_who_was_born_today_by_the_calendar_of_the_site_is_no_mistake(run, clock):
    """Until eight in the morning it is yesterday in UTC."""
    clock.set_wall(datetime(2026, 3, 13, 17, 0, tzinfo=UTC))
    born_today = "姓名,出生日期,小区,楼号,门牌\n沈小妹,2026-03-14,榆荫里,7,501\n".encode()
    zone = ZoneInfo("Asia/Shanghai")
    assert reasons(await run(born_today, zone=zone, dry_run=True)) == {}
    clock.set_wall(datetime(2026, 3, 13, 15, 0, tzinfo=UTC))
    assert "unlikely_date" in str(reasons(await run(born_today, zone=zone, dry_run=True)))
