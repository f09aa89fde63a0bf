"""Whatever people, clocks and dispatchers do to a task, and in whatever order: what must hold of it holds."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from functools import partial

from hypothesis import HealthCheck, given, settings, strategies as st

from callcenter.core.errors import Conflict, Invalid
from callcenter.core.ids import new_id
from callcenter.dispatch import asking, moving
from callcenter.dispatch.checking_in import CheckedIn, check_in
from callcenter.dispatch.doing import CLOCK
from callcenter.dispatch.offering import OfferBy
from callcenter.dispatch.proof import CheckKind
from callcenter.dispatch.task import HELD, SEEKING
from tests.support.field import DESK, NOW, PHONE, suggested

PEOPLE = 3
ACTS = ("offer", "lapse", "accept", "decline", "set_out", "arrive", "depart", "give", "give_back", "finish", "cancel", "give_up")  # fmt: skip
ORDERS = st.lists(
    st.tuples(st.sampled_from(ACTS), st.integers(0, PEOPLE - 1)), min_size=4, max_size=14
)


def act(name, session, task, who, at):
    """What one of them is, as a call that is not yet made."""
    phone = partial(check_in, session, task, who)

    def said(kind):
        return CheckedIn(id=new_id(), kind=kind, said_at=at)

    return {
        "offer": lambda: asking.offer(
            session, task, suggested(who), OfferBy.SMS, at + timedelta(minutes=1), CLOCK, at
        ),
        "lapse": lambda: asking.lapse(session, task, [who], CLOCK, at),
        "accept": lambda: moving.accept(session, task, who, PHONE, at),
        "decline": lambda: moving.decline(session, task, who, PHONE, at),
        "set_out": lambda: moving.set_out(session, task, who, PHONE, at, 9),
        "arrive": lambda: phone(said(CheckKind.ARRIVE), PHONE, at),
        "depart": lambda: phone(said(CheckKind.DEPART), PHONE, at),
        "give": lambda: moving.give(session, task, who, DESK, at),
        "give_back": lambda: moving.give_back(session, task, DESK, at, ""),
        "finish": lambda: moving.finish(session, task, DESK, at, "电话确认"),
        "cancel": lambda: moving.cancel(session, task, DESK, at, "不需要了"),
        "give_up": lambda: moving.give_up(session, task, CLOCK, at),
    }[name]()


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(order=ORDERS)
async def test_one_has_it_at_a_time_and_what_is_over_stays_over(field, order):
    people = [await field.staff(f"第{n}位") for n in range(PEOPLE)]
    task_id = await field.task()
    over = None
    for n, (name, who) in enumerate(order):
        at = NOW + timedelta(minutes=n)
        with suppress(Conflict, Invalid):
            async with field.database.transaction() as session:
                task = await moving.held(session, task_id)
                await act(name, session, task, people[who], at)
        over = await consistent(field, task_id, over)


async def consistent(field, task_id, over):
    row = await field.row(task_id)
    offers = await field.owner.fetch("SELECT * FROM task_offer WHERE task_id = $1", task_id)
    has_it = [o["staff_id"] for o in offers if o["answer"] == "accepted" and not o["given_back"]]
    if row["state"] in HELD:
        assert has_it == [row["staff_id"]]
    if row["state"] in SEEKING:
        assert has_it == []
        assert row["staff_id"] is None
    running = [o for o in offers if o["answer"] is None]
    assert bool(running) == (row["state"] == "offered")
    if over is not None:
        assert row["state"] == over
    if row["state"] == "done":
        kinds = {c["kind"] for c in await field.owner.fetch("SELECT kind FROM check_in WHERE task_id = $1", task_id)}  # fmt: skip
        assert row["reason"] or kinds == {"arrive", "depart"}
    return row["state"] if row["ended_at"] else None
