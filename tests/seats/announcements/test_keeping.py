"""A supervisor tells all seats something: who is told, who has read it, and who may say it where."""

from __future__ import annotations

from callcenter.core.ids import new_id
from callcenter.seats.board import Scope
from callcenter.seats.tables import ANNOUNCEMENTS
from tests.seats.announcements.conftest import SignIn, announces
from tests.seats.conftest import Board
from tests.support.kept_link import KeptLink

WORDS = "3号楼停电，呼叫器可能离线"


def heard(link: KeptLink) -> list[str]:
    """What a console was told, in the order it came."""
    return [
        one["words"]
        for message in link.messages("announcements")
        for one in message["announcements"]
    ]


async def on_board(board: Board, scope: Scope) -> list[str]:
    """What a console gets when it connects now."""
    rows = await board.owner.fetch(ANNOUNCEMENTS.snapshot, list(scope))
    return [str(row["id"]) for row in rows]


async def test_every_seat_of_the_region_and_below_is_told_and_no_other(
    board: Board, signs_in: SignIn
):
    root = board.community.root
    east = await board.community.region(root, "district", "东榆区")
    street = await board.community.region(east, "street", "榆荫街")
    west = await board.community.region(root, "district", "西柳区")
    links = [board.seat(n, region)[1] for n, region in enumerate((root, east, street, west), 7)]
    boss = await signs_in("boss", "supervisor")
    assert (await announces(boss, WORDS, region_id=east)).status_code == 201
    await board.sweep(ANNOUNCEMENTS)
    assert [heard(link) for link in links] == [[WORDS], [WORDS], [WORDS], []]
    assert len(await on_board(board, frozenset({street}))) == 1, "whoever comes later is told"
    assert await on_board(board, frozenset({west})) == []


async def test_who_has_read_it_and_who_has_not(board: Board, signs_in: SignIn):
    boss, wang = await signs_in("boss", "supervisor"), await signs_in("wang", "operator")
    await signs_in("li", "operator")
    board.seat(await board.owner.fetchval("SELECT id FROM app_user WHERE login = 'li'"))
    written = (await announces(boss, WORDS, must_acknowledge=True)).json()
    assert [(one["name"], one["read_at"]) for one in written["people"]] == [("li同志", None)]
    for _ in range(2):
        answer = await wang.post(f"/api/v1/announcements/{written['id']}/read")
        assert answer.status_code == 204
    [shown] = (await boss.get("/api/v1/announcements")).json()
    assert [(one["name"], bool(one["read_at"])) for one in shown["people"]] == [
        ("wang同志", True), ("li同志", False),
    ]  # fmt: skip
    assert shown["version"] == 2, "read twice is read once"
    said = await board.owner.fetch(
        "SELECT action FROM audit_entry WHERE subject LIKE 'announce%' ORDER BY id"
    )
    assert [row["action"] for row in said] == [
        "announced",
        "announcement_read",
        "announcements_seen",
    ]


async def test_it_goes_when_its_time_is_over_and_not_before(board: Board, signs_in: SignIn):
    _, link = board.seat(7)
    boss = await signs_in("boss", "supervisor")
    await announces(boss, WORDS, minutes=10)
    for passed, standing in ((599, 1), (1, 0)):
        board.clock.advance(passed)
        await board.seats.announcements.run_once(board.clock.now())
        assert len(await on_board(board, frozenset({board.community.root}))) == standing
    await board.sweep(ANNOUNCEMENTS)
    last = link.messages("announcements")[-1]["announcements"][-1]
    assert last["ended_at"] is not None


async def test_it_is_taken_back_at_once(board: Board, signs_in: SignIn):
    boss = await signs_in("boss", "supervisor")
    written = (await announces(boss, WORDS)).json()
    ended = await boss.post(f"/api/v1/announcements/{written['id']}/end")
    assert ended.json()["ended_at"] is not None
    assert await on_board(board, frozenset({board.community.root})) == []


async def test_g8_nobody_announces_beyond_their_regions(board: Board, signs_in: SignIn):
    root = board.community.root
    east = await board.community.region(root, "district", "东榆区")
    boss, eastern = await signs_in("boss", "supervisor"), await signs_in("e", "supervisor", east)
    wang = await signs_in("wang", "operator")
    assert (await announces(wang, WORDS)).status_code == 403
    assert (await announces(eastern, WORDS, region_id=root)).status_code == 404
    written = (await announces(boss, WORDS)).json()
    assert (await eastern.post(f"/api/v1/announcements/{written['id']}/end")).status_code == 404
    assert (await eastern.get("/api/v1/announcements")).json() == []
    own = (await announces(eastern, WORDS)).json()
    assert own["region_ids"] == [east]
    unheard = f"/api/v1/announcements/{new_id()}/read"
    assert (await wang.post(unheard)).status_code == 404


async def test_what_is_sent_twice_is_one(board: Board, signs_in: SignIn):
    boss, other = await signs_in("boss", "supervisor"), await signs_in("other", "supervisor")
    same = str(new_id())
    for words in (WORDS, "said again"):
        assert (await announces(boss, words, id=same)).json()["words"] == WORDS
    assert (await announces(other, WORDS, id=same)).status_code == 409
    assert await board.owner.fetchval("SELECT count(*) FROM announcement") == 1


async def test_an_empty_one_is_refused(board: Board, signs_in: SignIn):
    boss = await signs_in("boss", "supervisor")
    assert (await announces(boss, "")).status_code == 422
    assert (await announces(boss, "x" * 301)).status_code == 422
