"""A phone in a pocket, over HTTP: its log-in, its jobs, its position, and commands that wait while there is no network."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import httpx

from callcenter.core.clock import Clock
from callcenter.core.ids import new_id
from callcenter.demo.field.counting import Command
from callcenter.demo.field.watching import Heard
from callcenter.demo.field.working import Job
from callcenter.dispatch.choosing import Spot

ACCURACY_M = 12.0


@dataclass(slots=True)
class Told:
    """What was done by all of them, and what became of it."""

    done: Counter[str] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    commands: dict[str, Command] = field(default_factory=dict)
    """By their ids."""
    positions: int = 0
    spells: int = 0
    """Without a network."""
    sent_later: int = 0
    closed: int = 0
    """Phones that were put away for some minutes."""

    def lines(self) -> list[str]:
        """For the terminal."""
        return [
            f"positions     {self.positions}",
            f"did           {_listed(self.done)}",
            f"answers       {_listed(self.answers)}",
            f"refused       {_listed(self.refused)}",
            f"no network    {self.spells} times, {self.sent_later} commands sent later; {self.closed} phones closed for a while",
        ]


def _listed(counted: Counter[str]) -> str:
    return ", ".join(f"{name}: {n}" for name, n in sorted(counted.items())) or "-"


class Phone:
    """Of one member of staff, let in by a link of the office."""

    def __init__(
        self,
        server: str,
        staff_id: int,
        told: Told,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.staff_id = staff_id
        self.has_network = True
        self.loses_answer = False
        """The network goes while the next answer is on its way."""
        self.is_on_duty = False
        """As the centre has answered."""
        self.heard: Heard | None = None
        """What the centre took last of where somebody on duty is."""
        self._told = told
        self._waiting: list[dict[str, Any]] = []
        self._last: dict[UUID, str] = {}
        self._http = httpx.AsyncClient(
            base_url=f"{server}/api/v1/phone", transport=transport, trust_env=False, timeout=15
        )
        self._http.headers["Origin"] = server

    async def log_in(self, code: str) -> None:
        """Raises httpx.HTTPStatusError where the link is none."""
        body = {"code": code, "device": "callcenter simulate field"}
        (await self._http.post("/login/link", json=body)).raise_for_status()

    async def close(self) -> None:
        await self._http.aclose()

    async def jobs(self) -> list[Job] | None:
        """None: there is no network, or no answer."""
        if not self.has_network:
            return None
        try:
            answer = await self._http.get("/jobs")
        except httpx.HTTPError:
            return None
        if self._is_refused("jobs", answer):
            return None
        return [Job.of(row) for row in answer.json()["jobs"]]

    @property
    def waiting(self) -> int:
        """Commands that the centre has not answered for good."""
        return len(self._waiting)

    async def say_where(self, at: Spot, clock: Clock) -> None:
        """Lost without a network: where somebody was is not sent later."""
        if not self.has_network:
            return
        was_on_duty, now = self.is_on_duty, clock.now()
        body = {"lat": at.lat, "lng": at.lng, "accuracy_m": ACCURACY_M}
        try:
            answer = await self._http.put("/position", json=body)
        except httpx.HTTPError:
            return
        if not self._is_refused("position", answer):
            self._told.positions += 1
            self.heard = Heard(now, clock.now()) if was_on_duty else None

    def do(self, name: str, now: datetime, task_id: UUID | None = None, **body: object) -> None:
        """Written down with an id of its own, behind what was done for the same job."""
        command = {
            "id": str(new_id()),
            "name": name,
            "said_at": now.isoformat(),
            "task_id": None if task_id is None else str(task_id),
            "after": None if task_id is None else self._last.get(task_id),
            "clock_error_s": 0.0,
            "body": body | {"offline": not self.has_network},
        }
        if task_id is not None:
            self._last[task_id] = str(command["id"])
        self._waiting.append(command)
        said = Command(name, task_id, self.staff_id)
        self._told.commands[str(command["id"])] = said
        self._told.done[name] += 1
        self._told.sent_later += not self.has_network

    async def send(self) -> None:
        """Everything that waits, in its order; what was not answered waits on."""
        if not self.has_network or not self._waiting:
            return
        batch = self._waiting[:100]
        for each in batch:
            self._told.commands[each["id"]].sent += 1
        try:
            answer = await self._http.post("/commands", json={"commands": batch})
        except httpx.HTTPError:
            return  # whether it came through is not known: the ids make a repeat one
        if self.loses_answer:
            self.loses_answer = self.has_network = False
            return
        if self._is_refused("commands", answer):
            return
        self._hear({each["id"]: each for each in answer.json()["answers"]})

    def _hear(self, heard: Mapping[str, Mapping[str, Any]]) -> None:
        for each in heard.values():
            self._told.answers[each["answer"]] += 1
            if each["answer"] not in ("done", "too_early"):
                self._told.refused[f"{each['answer']} {each['code']}"] += 1
            if each["answer"] != "too_early":
                command = self._told.commands[each["id"]]
                command.answer = each["answer"]
                self.is_on_duty |= command.name == "on_duty" and command.answer == "done"
        again = {name for name, each in heard.items() if each["answer"] == "too_early"}
        self._waiting = [
            one for one in self._waiting if one["id"] not in heard or one["id"] in again
        ]

    def _is_refused(self, what: str, answer: httpx.Response) -> bool:
        if answer.is_success:
            return False
        self._told.refused[f"{what} {answer.status_code}"] += 1
        return True
