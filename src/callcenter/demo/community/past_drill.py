"""A drill of last week, as rows of the tables: its report says who was met in time, and who was not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta, tzinfo
from functools import cache
from typing import Any, Final

from pydantic import Field

from callcenter.alerts.drilled import DRILL
from callcenter.alerts.escalation import LADDER, Step
from callcenter.alerts.incident import IncidentMode, Outcome
from callcenter.auth.permissions import Role
from callcenter.core.ids import new_id
from callcenter.demo.community.history import Step as TimelineStep
from callcenter.demo.community.listed import Listed, read
from callcenter.demo.community.past_rows import Ids, card_of
from callcenter.demo.community.plan import Community
from callcenter.devices.signals import CLASS_OF, PRIORITY_OF, Kind
from callcenter.drills.course import Ending, PressState, ends_at
from callcenter.regions.models import Region

_BY_ITSELF: Final = frozenset({"opened", "escalated"})


class ListedPress(Listed):
    """A press `after` so many seconds, and how it was met: seconds since it rang. `supervisors`: when they were called."""

    resident: str
    kind: Kind
    after: int
    seen: float
    sounding: float
    supervisors: int | None = None
    taken: int
    stepped: int
    closed: int
    outcome: Outcome


class ListedDrill(Listed):
    """What was pressed so many days ago at this time of the site."""

    title: str
    days_ago: int
    at: time
    ended_after: int
    presses: tuple[ListedPress, ...] = Field(alias="press")


@cache
def listed_drill() -> ListedDrill:
    """The one of the demo."""
    return read("drill.toml", ListedDrill)


def began_at(now: datetime, zone: tzinfo) -> datetime:
    """When it began, seen from now."""
    drill = listed_drill()
    day = now.astimezone(zone).date() - timedelta(days=drill.days_ago)
    return datetime.combine(day, drill.at, zone).astimezone(UTC)


def drill_row(planned: Community, ids: Ids, region: Region, began: datetime) -> dict[str, Any]:
    """In this region, started by the supervisor."""
    drill = listed_drill()
    by = next(n for n, user in enumerate(planned.users) if user.role == Role.SUPERVISOR)
    return {
        "title": drill.title,
        "region_id": region.id,
        "region_path": list(region.path),
        "started_at": began,
        "started_by": ids.users[by],
        "started_by_name": planned.users[by].name.zh,
        "until_at": ends_at(began, [press.after for press in drill.presses]),
        "ended_at": began + timedelta(seconds=drill.ended_after),
        "ending": Ending.OVER,
    }


def drilled_rows(
    planned: Community, ids: Ids, drill_id: int, began: datetime
) -> Iterator[DrilledRows]:
    """Of each press, in their order."""
    for number, listed in enumerate(listed_drill().presses, start=1):
        at = began + timedelta(seconds=listed.after)
        yield DrilledRows(planned, ids, drill_id, number, listed, at)


class DrilledRows:
    """One press with what came of it, as rows. The first of the users met it."""

    def __init__(
        self,
        planned: Community,
        ids: Ids,
        drill_id: int,
        number: int,
        listed: ListedPress,
        rang_at: datetime,
    ) -> None:
        self.listed = listed
        self.rang_at = rang_at
        self.user = (ids.users[0], planned.users[0].name.zh)
        self.timeline = list(_timeline(listed))
        place = planned.residents[planned.resident_called(listed.resident)].home
        self.home = planned.homes[place]
        self.home_id = ids.homes[place]
        self.incident = {
            "id": new_id(),
            "version": len(self.timeline),
            "subject": f"{DRILL}:{drill_id}:home:{self.home_id}",
            "region_id": ids.regions[self.home.building.grid].id,
            "region_path": list(ids.regions[self.home.building.grid].path),
            "card": card_of(planned, ids, place),
        } | self._course()
        self.press = self._press(drill_id, number)

    def _at(self, seconds: float) -> datetime:
        return self.rang_at + timedelta(seconds=seconds)

    def _course(self) -> dict[str, Any]:
        """What its incident says of itself."""
        listed = self.listed
        return {
            "signal_class": CLASS_OF[listed.kind].value,
            "kind": listed.kind.value,
            "mode": IncidentMode.DRILL,
            "state": "closed",
            "priority": PRIORITY_OF[listed.kind],
            "home_id": self.home_id,
            "resident_id": None,
            "device_id": None,
            "source": DRILL,
            "identifier": f"home:{self.home_id}",
            "lat": self.home.lat,
            "lng": self.home.lng,
            "opened_at": self.rang_at,
            "last_signal_at": self.rang_at,
            "escalated": 0 if listed.supervisors is None else LADDER.index(Step.SUPERVISORS) + 1,
            "taken_by": self.user[0],
            "taken_by_name": self.user[1],
            "taken_at": self._at(listed.taken),
            "closed_at": self._at(listed.closed),
            "outcome": listed.outcome,
            "safe_by": None,
            "safe_where": None,
        }

    def _press(self, drill_id: int, number: int) -> dict[str, Any]:
        return {
            "id": new_id(),
            "drill_id": drill_id,
            "number": number,
            "home_id": self.home_id,
            "label": self.home.address.zh,
            "label_en": self.home.address.en,
            "kind": self.listed.kind,
            "after_s": self.listed.after,
            "due_at": self.rang_at,
            "state": PressState.MADE,
            "made_at": self.rang_at,
            "incident_id": self.incident["id"],
        }

    def entry_rows(self) -> list[dict[str, Any]]:
        return [
            {
                "incident_id": self.incident["id"],
                "number": number,
                "at": self._at(step.after),
                "kind": step.kind,
                "user_id": None if step.kind in _BY_ITSELF else self.user[0],
                "user_name": None if step.kind in _BY_ITSELF else self.user[1],
                "data": step.data,
            }
            for number, step in enumerate(self.timeline, start=1)
        ]

    def proof_rows(self) -> list[dict[str, Any]]:
        seat = new_id()
        return [
            {
                "incident_id": self.incident["id"],
                "ring": 1,
                "proof": proof,
                "user_id": self.user[0],
                "seat_id": seat,
                "at": self._at(after),
            }
            for proof, after in (("seen", self.listed.seen), ("sounding", self.listed.sounding))
        ]

    def journal_row(self) -> dict[str, Any]:
        """What the drill gave to intake; a flag says that it is of the demo's past."""
        return {
            "id": new_id(),
            "source": DRILL,
            "identifier": self.incident["identifier"],
            "device_id": None,
            "home_id": self.home_id,
            "kind": self.listed.kind,
            "outcome": "opened",
            "incident_id": self.incident["id"],
            "occurred_at": self.rang_at,
            "received_at": self.rang_at,
            "stored_at": self.rang_at,
            "flags": ["demo_past"],
            "raw": b"",
        }


def _timeline(listed: ListedPress) -> Iterator[TimelineStep]:
    yield TimelineStep(0, "opened", {"kind": listed.kind})
    spared = [Step.SUPERVISORS, Step.DUTY]
    if listed.supervisors is not None:
        yield TimelineStep(
            listed.supervisors, "escalated", {"step": Step.SUPERVISORS, "reached": 1}
        )
        spared.remove(Step.SUPERVISORS)
    yield TimelineStep(listed.taken, "taken", {"not_made": spared})
    yield TimelineStep(listed.stepped, "step", {"step": "call_back", "result": "reached"})
    yield TimelineStep(listed.closed, "closed", {"outcome": listed.outcome})
