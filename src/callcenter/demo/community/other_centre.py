"""The other centre that the demo knows, invented as everything in it: a receiver of its own machine that acknowledges and does no more."""

from __future__ import annotations

from typing import Final

from sqlalchemy import select

from callcenter.core.database import Database
from callcenter.forwarding.models import ForwardRule, OtherCentre, WayKind
from callcenter.forwarding.rules import Mode
from callcenter.regions.upkeep import root_region

NAME: Final = "演示区中心 Demo district centre"
ACCOUNT: Final = "D0D0"
WAITED_S: Final = 120


async def know_other_centre(database: Database, port: int) -> None:
    """Its row, and a rule that is not in use, once; its address as the demo was started this time."""
    address = f"127.0.0.1:{port}"
    async with database.transaction() as session:
        found = await session.scalar(select(OtherCentre).where(OtherCentre.account == ACCOUNT))
        if found is not None:
            if found.address != address:
                found.address, found.version = address, found.version + 1
            return
        root = await root_region(session)
        centre = OtherCentre(
            name=NAME, region_id=root.id, way=WayKind.DC09, address=address, account=ACCOUNT, home_digits=4, poll_s=60
        )  # fmt: skip
        session.add(centre)
        await session.flush()
        session.add(
            ForwardRule(centre_id=centre.id, region_id=root.id, mode=Mode.UNTAKEN, after_s=WAITED_S, active=False)
        )  # fmt: skip
