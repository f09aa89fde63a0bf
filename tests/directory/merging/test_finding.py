"""Who and what may be there twice is found, whoever may not edit them sees nothing of it."""

from types import SimpleNamespace

import pytest

from callcenter.directory.merging.finding import Why, same_homes

DOUBLES = "/api/v1/doubles"


def home(row_id, address, *, region=1, building=None, entrance="", door=""):
    return SimpleNamespace(
        id=row_id,
        region_id=region,
        building_id=building,
        entrance=entrance,
        door=door,
        address=address,
    )


@pytest.mark.parametrize(
    ("homes", "pairs"),
    [
        ([home(1, "7号楼2单元501"), home(2, "七号楼二单元501室")], [(1, 2, Why.ADDRESS)]),
        ([home(1, "7号楼2单元501"), home(2, "7-2-501", region=2)], []),
        (
            [
                home(1, "甲", building=7, entrance="2", door="501"),
                home(2, "乙", building=7, entrance="2", door="501"),
            ],
            [(1, 2, Why.DOOR)],
        ),
        (
            [
                home(1, "甲", building=7, entrance="2", door="501"),
                home(2, "甲", building=7, entrance="2", door="501"),
            ],
            [(1, 2, Why.DOOR)],
        ),
        ([home(1, "甲", building=7), home(2, "乙", building=7)], []),
        ([home(n, "甲") for n in (1, 2, 3)], [(1, 2, Why.ADDRESS), (1, 3, Why.ADDRESS)]),
    ],
)
def test_homes_that_may_be_one(homes, pairs):
    assert list(same_homes(homes)) == pairs


async def test_residents_that_may_be_one(community, owner, editor):
    homes = [await community.home(address=f"{n}号楼1单元101") for n in range(6)]
    people = [await community.resident(home, f"沈玉{n}") for n, home in enumerate(homes)]
    await owner.execute("UPDATE resident SET birth_date = NULL")
    same_number, same_day, same_phone = people[:2], people[2:4], people[4:]
    await owner.execute(
        "UPDATE resident SET identity_index = 'x' WHERE id = ANY($1::bigint[])", same_number
    )
    await owner.execute(
        "UPDATE resident SET name = '贺', birth_date = '1943-03-01' WHERE id = ANY($1::bigint[])",
        same_day,
    )
    await owner.execute("UPDATE resident SET name = '费' WHERE id = ANY($1::bigint[])", same_phone)
    await owner.execute("UPDATE resident SET phone = '+1' WHERE id = $1", same_phone[0])
    await owner.execute("UPDATE resident SET second_phone = '+1' WHERE id = $1", same_phone[1])
    found = (await editor.get(DOUBLES)).json()
    assert [
        ([pair["one"]["id"], pair["other"]["id"]], pair["why"]) for pair in found["residents"]
    ] == [
        (same_number, ["identity"]),
        (same_day, ["birth_date"]),
        (same_phone, ["phone"]),
    ]
    assert found["homes"] == []
    entry = await owner.fetchrow("SELECT * FROM audit_entry ORDER BY id DESC LIMIT 1")
    assert entry["action"] == "doubles_listed"


async def test_nobody_sees_the_doubles_of_others(community, editor, operator, elsewhere):
    for _ in range(2):
        await community.resident(await community.home(region=elsewhere))
    assert (await editor.get(DOUBLES)).json() == {"residents": [], "homes": []}
    assert (await editor.get(DOUBLES, params={"region_id": elsewhere})).status_code == 404
    assert (await operator.get(DOUBLES)).status_code == 403


async def test_a_region_is_asked_for_alone(community, editor):
    grid = await community.region(community.street, "grid", "第一网格")
    for region in (grid, grid, community.street):
        await community.resident(await community.home(region=region, address="甲"))
    found = (await editor.get(DOUBLES, params={"region_id": grid})).json()
    assert (len(found["residents"]), len(found["homes"])) == (1, 1)
