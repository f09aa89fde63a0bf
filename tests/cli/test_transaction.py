"""A command's changes are there together, or not at all."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.auth.accounts import create_account
from callcenter.cli.transaction import in_one_transaction
from callcenter.core.errors import Conflict
from tests.cli.conftest import Run
from tests.support.community import LONG_AGO

COUNT = text("SELECT count(*) FROM app_user")


async def add(session: AsyncSession) -> None:
    await create_account(session, login="linlan", name="", password_hash="", now=LONG_AGO)


async def count(session: AsyncSession) -> int:
    return int(await session.scalar(COUNT))


@pytest.mark.usefixtures("site")
def test_what_was_done_is_committed_and_the_answer_handed_out():
    async def work(session: AsyncSession) -> str:
        await add(session)
        return "done"

    assert in_one_transaction(None, None, work) == "done"
    assert in_one_transaction(None, None, count) == 1


@pytest.mark.usefixtures("site")
def test_of_a_command_that_is_refused_on_the_way_nothing_stays():
    async def work(session: AsyncSession) -> None:
        await add(session)
        raise Conflict("not this one")

    with pytest.raises(Conflict):
        in_one_transaction(None, None, work)
    assert in_one_transaction(None, None, count) == 0


def test_the_first_account_is_made_before_the_server_was_ever_started(run: Run):
    """On the private database, which has no tables yet."""
    made = run("user", "add", "wei", "--role", "administrator", typed="a calm evening\n")
    assert (made.exit_code, made.stdout) == (0, "added wei\n")
    assert "administrator" in run("user", "list").stdout
