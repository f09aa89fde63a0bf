"""What operators type into the search field, and that an index answers it among ten thousand people."""

import asyncio

import pytest
from sqlalchemy import text
from sqlalchemy.dialects import postgresql

from callcenter.core.database import Database
from callcenter.residents.names import latin_name
from callcenter.residents.search import SearchKind, matching, understand
from tests.support.community import LONG_AGO, Community


@pytest.mark.parametrize(
    ("typed", "kind", "text"),
    [
        ("", SearchKind.EVERYBODY, ""),
        ("   ", SearchKind.EVERYBODY, ""),
        ("沈", SearchKind.NAME, "沈"),
        ("玉兰", SearchKind.NAME, "玉兰"),
        ("沈 玉 兰", SearchKind.TEXT, "沈玉兰"),
        ("7号楼2单元", SearchKind.TEXT, "7号楼2单元"),
        ("syl", SearchKind.LATIN, "syl"),
        ("Shen Yulan", SearchKind.LATIN, "shenyulan"),
        ("lü", SearchKind.LATIN, "lv"),
        ("13901000137", SearchKind.PHONE, "13901000137"),
        ("139 0100 0137", SearchKind.PHONE, "13901000137"),
        ("+86 139-0100-0137", SearchKind.PHONE, "13901000137"),
        ("0999-8012349", SearchKind.PHONE, "9998012349"),
        ("0137", SearchKind.PHONE, "0137"),
        ("１３９０", SearchKind.PHONE, "1390"),
        ("7-2-501", SearchKind.DOOR, "7-2-501"),
        ("11010519491231002x", SearchKind.IDENTITY, "11010519491231002X"),
        ("%_", SearchKind.NAME, "%_"),
        ("'; DROP TABLE resident; --", SearchKind.TEXT, "'; DROP TABLE resident; --"),
    ],
)
def test_the_search_field_understands_what_is_typed(typed, kind, text):
    understood = understand(typed)
    assert (understood.kind, understood.text) == (kind, text)


@pytest.fixture(scope="module")
def ten_thousand(databases):
    """The DSN of a database with 10,000 residents of 5,000 homes, to be read; 沈玉兰 is one of them."""
    dsn = asyncio.run(_peopled(databases))
    yield dsn
    asyncio.run(databases.drop(dsn))


async def _peopled(databases):
    dsn = await databases.clone()
    as_owner = Database(dsn, role=None)
    connection = await as_owner.connect("test owner")
    await _move_in(connection)
    await connection.close()
    await as_owner.close()
    return dsn


@pytest.fixture
async def reader(ten_thousand):
    as_owner = Database(ten_thousand, role=None)
    connection = await as_owner.connect("test owner")
    yield connection
    await connection.close()
    await as_owner.close()


async def _move_in(owner):
    community = await Community.found(owner)
    surnames, given = (
        "王李张刘陈杨赵黄周吴徐孙马朱胡郭何高林罗",
        "秀英建国桂兰志强淑珍玉梅国华凤英德明文",
    )
    await owner.execute(
        "INSERT INTO home (id, region_id, address, entrance, door)"
        " SELECT n, $1, '长乐里' || n / 60 || '号楼' || n % 3 || '单元' || n || '室', '1', n::text"
        " FROM generate_series(1, 5000) AS n",
        community.street,
    )
    people = []
    for number in range(10_000):
        name = (
            surnames[number % 20] + given[number // 20 % 19] + given[(number * 7) % 19]
            if number
            else "沈玉兰"
        )
        latin = latin_name(name)
        phone = f"+86139{number * 7919 % 100_000_000:08d}"
        people.append(
            (number // 2 + 1, name, latin.latin, latin.pinyin, latin.initials, phone, LONG_AGO)
        )
    await owner.execute(
        "ALTER TABLE resident DISABLE TRIGGER begin_past"
    )  # nobody asks for it here
    await owner.executemany(
        "INSERT INTO resident (home_id, name, name_latin, pinyin, initials, phone, created_at, updated_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $7)",
        people,
    )
    # The trigram indexes collect news in a list that is searched in full until a vacuum sorts it in.
    await owner.execute("VACUUM ANALYZE resident")
    await owner.execute("VACUUM ANALYZE home")


async def plan_of(owner, typed):
    """The plans of the branches, and how many residents they find."""
    plans, found = [], set()
    for branch in matching(understand(typed), None, None):
        compiled = branch.query.compile(
            dialect=postgresql.asyncpg.dialect(), compile_kwargs={"literal_binds": True}
        )
        plans += [row[0] for row in await owner.fetch(f"EXPLAIN {compiled}")]
        found |= {row["id"] for row in await owner.fetch(str(compiled))}
    return "\n".join(plans), len(found)


@pytest.mark.parametrize(
    ("typed", "index", "found"),
    [
        ("沈", "ix_resident_name_order", 1),
        ("shenyul", "ix_resident_pinyin_order", 1),
        ("syl", "ix_resident_initials", 1),
        ("沈玉兰", "ix_resident_name_trigram", 1),
        ("长乐里77号楼", "ix_home_address_trigram", 120),
        ("13900007919", "ix_resident_phone_trigram", 1),
    ],
)
async def test_an_index_answers_among_ten_thousand(reader, typed, index, found):
    plan, rows = await plan_of(reader, typed)
    assert index in plan, plan
    assert rows == found


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        *(
            ("乐桂兰", typed)
            for typed in ("yue", "yueguilan", "le", "leguilan", "ygl", "lgl", "lg", "Le Guilan")
        ),
        *(("贠秀英", typed) for typed in ("yun", "yunxiuying", "yuan", "yuanxiuying", "yxy")),
        *(
            ("单桂芝", typed)
            for typed in ("shan", "shangui", "dan", "danguizhi", "sgz", "dgz", "cgz")
        ),
        *(("区伟", typed) for typed in ("ou", "ouwei", "qu", "quwei", "ow", "qw")),
        *(("尉迟恭", typed) for typed in ("yuchi", "weichi", "weichigong", "wcg", "ycg")),
        *(
            ("Sean O'Neil", typed)
            for typed in ("seano'neil", "Sean O’Neil", "sean oneil", "seanon")
        ),
        *(("José Álvarez", typed) for typed in ("jose", "josé")),
        *(("吕绿", typed) for typed in ("lv", "lyu", "lü")),
        ("沈玉兰", "沈\u200b玉兰"),
    ],
)
async def test_every_reading_of_a_surname_finds_its_bearer(owner, name, typed):
    community = await Community.found(owner)
    home = await community.home()
    latin = latin_name(name)
    await owner.execute(
        "INSERT INTO resident (home_id, name, name_latin, pinyin, initials, created_at, updated_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $6)",
        *(home, name, latin.latin, latin.pinyin, latin.initials, LONG_AGO),
    )
    _, found = await plan_of(owner, typed)
    assert found == 1


async def test_a_list_is_planned_for_what_is_asked_however_often(database):
    """The plan for anything, to which PostgreSQL turns by itself, would read all of a list to find three."""
    async with database.transaction() as session:
        assert await session.scalar(text("SHOW plan_cache_mode")) == "force_custom_plan"


async def test_a_list_of_everybody_is_read_along_its_index(reader):
    [everybody] = matching(understand(""), None, None)
    page = everybody.query.order_by(*everybody.query.selected_columns[::-1]).limit(50)
    compiled = page.compile(
        dialect=postgresql.asyncpg.dialect(), compile_kwargs={"literal_binds": True}
    )
    plan = "\n".join(row[0] for row in await reader.fetch(f"EXPLAIN {compiled}"))
    assert "ix_resident_pinyin_order" in plan, plan
    assert "Sort" not in plan, plan


def test_one_letter_begins_pinyin_and_initials_alike():
    assert len(matching(understand("a"), None, None)) == 1
    assert len(matching(understand("ax"), None, None)) == 2
