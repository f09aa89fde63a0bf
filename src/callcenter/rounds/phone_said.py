"""What a phone at a door says, carried out: a word at a stop, or of somebody whom its owner looks in on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Annotated, Final

from pydantic import Field, TypeAdapter, ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.core.database import Database
from callcenter.core.errors import Invalid
from callcenter.core.written import Written
from callcenter.dispatch.phone.commands import Answer, Told
from callcenter.dispatch.phone.one_by_one import (
    MOST_COMMANDS,
    SaidByPhone,
    demand_time,
    told_of,
)
from callcenter.dispatch.proof import put_right
from callcenter.rounds.pairs.said import PairBy, PairSaid
from callcenter.rounds.pairs.ticking import Tick, pairs_of, tick
from callcenter.rounds.schemas import StopSaidBody
from callcenter.rounds.walking import Walker, say

_ROW_ID: Final = TypeAdapter(Annotated[int, Field(ge=1, lt=2**63)])


class RoundCommand(SaidByPhone):
    """One thing that was done, `name` round_visit or pair_tick; `body` has visit_id and what `POST /rounds/visits/{id}` takes, or
    pair_id, said and note. `id` is made by the phone: sent twice it counts once.
    """


class RoundCommands(Written):
    commands: Annotated[list[RoundCommand], Field(max_length=MOST_COMMANDS)]


@dataclass(frozen=True, slots=True)
class AtDoors:
    """Carries out what one phone sends, a transaction each: two phones with the same rounds in another order never wait for each other
    in a circle, and what goes wrong half way stops no other. `now` is of the site's clock.
    """

    database: Database
    staff_id: int
    now: datetime
    zone: tzinfo

    async def all_of(self, commands: list[RoundCommand]) -> list[Told]:
        """In their order. Raises Unavailable: those that were told before it stand."""
        return [await self._one(command) for command in commands]

    async def _one(self, command: RoundCommand) -> Told:
        async def carry_out() -> Told:
            async with self.database.transaction() as session:
                return await self._decide(session, command)

        return await told_of(command.name, carry_out, conflict=Answer.REFUSED)

    async def _decide(self, session: AsyncSession, command: RoundCommand) -> Told:
        """Raises what `say` and `tick` raise, Invalid `unknown_command`, `not_understood`, `said_at_impossible`."""
        demand_time(command.said_at)
        if command.name == "round_visit":
            return await self._visit(session, command)
        if command.name == "pair_tick":
            return await self._pair(session, command)
        raise Invalid(f"There is no command {command.name}.", code="unknown_command")

    async def _visit(self, session: AsyncSession, command: RoundCommand) -> Told:
        visit_id, body = _understood(command)
        door, walker = body.at_door(self.now), Walker(self.staff_id)
        told = await say(session, visit_id, door, walker, self.now, self.zone)
        params = {"state": told.state.value, "flags": list(told.flags)}
        if told.stands:
            return Told(Answer.DONE, params=params)
        return Told(Answer.OTHERWISE, "said_later", params)

    async def _pair(self, session: AsyncSession, command: RoundCommand) -> Told:
        mine = [pair.id for pair in await pairs_of(session, self.staff_id, self.now.date())]
        pair_id, said = command.body.get("pair_id"), command.body.get("said")
        if pair_id not in mine or said not in list(PairSaid):
            raise Invalid("The command is not understood.", code="not_understood")
        at = put_right(demand_time(command.said_at), command.clock_error, self.now)
        word = Tick(id=command.id, said=PairSaid(said), by=PairBy.PHONE, at=at)
        await tick(session, int(pair_id), word, self.now, self.zone)
        return Told(Answer.DONE)


def _understood(command: RoundCommand) -> tuple[int, StopSaidBody]:
    """The stop, and what is said of it. Raises Invalid `not_understood`."""
    given = {name: value for name, value in command.body.items() if name != "visit_id"}
    said = {
        "id": command.id,
        "said_at": command.said_at,
        "clock_error_s": command.clock_error_s,
    }
    try:
        body = StopSaidBody.model_validate(given | said)
        return _ROW_ID.validate_python(command.body.get("visit_id")), body
    except ValidationError as error:
        raise Invalid("The command is not understood.", code="not_understood") from error
