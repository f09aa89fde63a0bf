"""The wire messages of `/ws/v1/seat` and the views that REST answers with: codes and parameters, never text.

The server sends `hello`, then `snapshot`, then versioned upserts; a console ignores versions it has (design 6). Unknown
fields are ignored by consoles, unknown message types too.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from callcenter.alerts.emergency.shown import AccessView
from callcenter.alerts.entries import Entry
from callcenter.alerts.incident import Incident
from callcenter.alerts.shown import ProofView, SmsView, Wire
from callcenter.alerts.storm_shown import StormView
from callcenter.devices.models import Tested
from callcenter.hotline.shown import CallShown
from callcenter.seats.announcements.shown import AnnouncementView
from callcenter.seats.session import PauseReason, SeatState

PROTOCOL = 1
MOST_AT_ONCE = 500
RING_MAX = 2**31 - 1

ProofKind = Literal["seen", "sounding"]


class TestOver(Wire):
    """Something was in test and is no longer: its alarms are real again."""

    id: int
    subject: Tested
    label: str
    over_at: datetime
    by_hand: bool
    """Ended before its time."""


class SeatView(Wire):
    """A colleague who is connected."""

    user_id: int
    name: str
    name_en: str = ""
    armed: bool
    region_ids: list[int] = Field(default_factory=list)
    """Where they see incidents, with everything below: whoever rings elsewhere does not ring for them."""
    state: SeatState = SeatState.OFF
    pause: PauseReason | None = None
    since: datetime | None = None
    """When the state began."""


class AgeLimits(Wire):
    """Seconds since an alarm came; until somebody takes it."""

    warning_s: int
    critical_s: int


class Ages(Wire):
    """From when on a waiting alarm is shown as waiting long, and as late. By priority ("0": all others); of a region and all
    below it the nearest counts that says anything of this priority or of all.
    """

    standard: dict[int, AgeLimits]
    regions: dict[int, dict[int, AgeLimits]]


# ---- server -> console


class Hello(Wire):
    type: Literal["hello"] = "hello"
    protocol: int = PROTOCOL
    build: str
    seat_id: UUID
    user_id: int
    now: datetime
    servers: list[str] = Field(default_factory=list)
    """Addresses of all servers, in the order in which they are tried when this one is lost."""


class Going(Wire):
    """Go on at another of these servers; this line is kept until there is one. Said to each seat, and after each hello."""

    type: Literal["going"] = "going"
    why: Literal["stopping", "schema_newer"]
    servers: list[str]


class Snapshot(Wire):
    """All open incidents the seat may see; replaces what the console held."""

    type: Literal["snapshot"] = "snapshot"
    incidents: list[Incident]
    seats: list[SeatView]
    silent_homes: list[int] = Field(default_factory=list)
    """Homes with a device that should have been heard of: grey dots."""
    ages: Ages | None = None
    announcements: list[AnnouncementView] = Field(default_factory=list)
    accesses: list[AccessView] = Field(default_factory=list)
    """What others have opened with a reason, for who watches over it."""
    tests_over: list[TestOver] = Field(default_factory=list)
    """Of the last ten minutes."""
    storms: list[StormView] = Field(default_factory=list)


class Upserts(Wire):
    """Changed incidents, each with the timeline entries of this change; a gap in versions means: fetch the incident."""

    type: Literal["incidents"] = "incidents"
    incidents: list[Incident]
    entries: list[Entry] = Field(default_factory=list)


class Messages(Wire):
    type: Literal["sms"] = "sms"
    messages: list[SmsView]


class Proofs(Wire):
    """First `seen` and `sounding` of an incident's ring."""

    type: Literal["proofs"] = "proofs"
    proofs: list[ProofView]


class TestsOver(Wire):
    """Each once, when it is over."""

    type: Literal["tests_over"] = "tests_over"
    tests_over: list[TestOver]


class Seats(Wire):
    type: Literal["seats"] = "seats"
    seats: list[SeatView]


class SilentHomes(Wire):
    type: Literal["silent_homes"] = "silent_homes"
    home_ids: list[int]


class AgesChanged(Wire):
    type: Literal["ages"] = "ages"
    ages: Ages


class AnnouncementsChanged(Wire):
    type: Literal["announcements"] = "announcements"
    announcements: list[AnnouncementView]


class AccessChanged(Wire):
    """Somebody has opened what lies outside their regions, or that has ended."""

    type: Literal["emergency_access"] = "emergency_access"
    accesses: list[AccessView]


class Calls(Wire):
    """Telephone calls that have changed; an ended one once more. `exchange` false: it does not answer, and nothing is known of what stands in it."""

    type: Literal["calls"] = "calls"
    calls: list[CallShown]
    exchange: bool
    whole: bool = False
    """All that stand: the first after a hello."""


class Storms(Wire):
    """Storms that have begun, grown, ended or were given an order; a settled one is shown no more."""

    type: Literal["storms"] = "storms"
    storms: list[StormView]


class Beat(Wire):
    """Every 2 s. `database` false: it does not answer, alarms ring from memory; the console says so."""

    type: Literal["beat"] = "beat"
    now: datetime
    database: bool = True
    away_since: datetime | None = None
    """Since when, until all that was kept meanwhile is written."""
    kept: int = 0
    """Signals and commands that the database does not have yet."""
    disk: bool = True
    """They are safe from a power cut; false: the disk takes nothing, and devices are not acknowledged."""
    written: int = 0
    """How many of this outage, or of the last one, the database has got from this process."""
    as_of: datetime | None = None
    """How old people and places are, where the server has started without the database; null: as the database has them."""


ServerMessage = Annotated[
    Hello
    | Going
    | Snapshot
    | Upserts
    | Messages
    | Proofs
    | TestsOver
    | Seats
    | SilentHomes
    | Beat
    | AgesChanged
    | AnnouncementsChanged
    | AccessChanged
    | Calls
    | Storms,
    Field(discriminator="type"),
]

# ---- console -> server


class ClientHello(Wire):
    """First message. `build` is what the console was built as; a different one is told to reload by the console itself."""

    type: Literal["hello"] = "hello"
    protocol: int
    build: str


class Duty(Wire):
    """On or off duty: armed means that the operator pressed the button and heard the test tone."""

    type: Literal["duty"] = "duty"
    armed: bool
    pause: PauseReason | None = None
    """Why its operator pauses; none: ready. Said anew with each change, and after each hello."""


class Rung(Wire):
    incident_id: UUID
    ring: Annotated[int, Field(ge=1, le=RING_MAX)]


class Seen(Wire):
    """On the screen, after it was painted; gathered, at most one message per 100 ms."""

    type: Literal["seen"] = "seen"
    incidents: Annotated[list[Rung], Field(max_length=MOST_AT_ONCE)]


class Sounding(Wire):
    """The tone is really playing (AudioContext running)."""

    type: Literal["sounding"] = "sounding"
    incidents: Annotated[list[Rung], Field(max_length=MOST_AT_ONCE)]


class Pulse(Wire):
    """Sent every 2 s; a seat silent for 6 s is unmanned, and so is one that cannot be heard."""

    type: Literal["pulse"] = "pulse"
    sounds: bool | None = None
    """Whether its sound output runs; a console that does not say so is believed to."""


ClientMessage = Annotated[ClientHello | Duty | Seen | Sounding | Pulse, Field(discriminator="type")]
