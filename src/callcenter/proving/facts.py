"""What a proof decides by: the rows of a span, as they were read in one snapshot. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from callcenter.audit.chain import Broken
from callcenter.calls.outage import Window


@dataclass(frozen=True, slots=True)
class Span:
    """`since` is included, `until` is not. `now`: when it was read, by the server's clock."""

    since: datetime
    until: datetime
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """Which incident something is about: id, the number that people say, and its region."""

    incident_id: str | None = None
    number: int | None = None
    region_id: int | None = None
    region_path: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Received:
    """`rows`: of the journal by outcome. `counted`: by the processes themselves. `rows_beside`: rows of the time for which they
    have counted. `astray`: signals that opened an incident that is not there; `unsignalled`: incidents without their signal.
    """

    rows: Mapping[str, int]
    counted: Mapping[str, int]
    rows_beside: int
    astray: Sequence[tuple[str, datetime]] = ()
    unsignalled: Sequence[tuple[About, datetime]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """An alarm that is no test and no drill, and the first time of each point of its course."""

    about: About
    stored: datetime
    received: datetime | None = None
    seen: datetime | None = None
    sounding: datetime | None = None
    taken: datetime | None = None
    answered: datetime | None = None
    """A text was answered, by a contact or a duty phone."""
    duty: datetime | None = None
    """A duty phone was texted, and no gateway said that it failed."""
    by_hand: bool = False
    part_of_other: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingText:
    """A text without a good or a proven end."""

    about: About
    id: str
    kind: str
    state: str
    created_at: datetime
    due_at: datetime
    awaited_until: datetime | None = None
    """What the clock waits for: a lease, a receipt, the pause before a repeat; by the database's clock."""
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Texts:
    """`ended`: how many, by state. `now`: by the database's clock."""

    ended: Mapping[str, int]
    waiting: Sequence[WaitingText]
    now: datetime


@dataclass(frozen=True, slots=True)
class WaitingForward:
    """A forwarding to another centre without an end. `waits_until`: what the clock has the next say at: a try, a lease."""

    about: About
    id: str
    state: str
    waits_until: datetime


@dataclass(frozen=True, slots=True)
class Forwards:
    """`ended`: how many, by state; `accepted`: of these, by a person there. `untold`: ended, and the timeline does not say so."""

    ended: Mapping[str, int] = field(default_factory=dict)
    accepted: int = 0
    waiting: Sequence[WaitingForward] = ()
    untold: Sequence[tuple[About, datetime]] = ()


@dataclass(frozen=True, slots=True)
class Commands:
    """`lost`: carried out, and their entry of the timeline is not there. `torn`: incidents whose timeline lacks entries, or has
    more than were written.
    """

    carried_out: int
    lost: Sequence[tuple[About, str, datetime]] = ()
    torn: Sequence[tuple[About, datetime]] = ()


@dataclass(frozen=True, slots=True)
class Overdue:
    """What a server looked past a minute after it was due. `kind`: of a timer, or `call_signal`."""

    about: About
    kind: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Gap:
    """Numbers that no incident has, between one opened at `after` and one at `before`."""

    first: int
    last: int
    after: datetime
    before: datetime

    @property
    def size(self) -> int:
        """How many."""
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class Numbers:
    """`drawn`: when a signal drew a number and joined an open incident. `started`: a process or PostgreSQL, whose open statement
    was undone. `recorded`: first and last of numbers that somebody drew and gave up, with the reason.
    """

    incidents: int
    gaps: Sequence[Gap] = ()
    drawn: Sequence[datetime] = ()
    started: Sequence[datetime] = ()
    recorded: Sequence[tuple[int, int, str]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """An incident that is not closed. `timers`: kinds; `there`: the seat of its taker is connected."""

    about: About
    signal_class: str
    state: str
    opened_at: datetime
    timers: Sequence[str] = ()
    marks: Sequence[str] = ()
    there: bool = False


@dataclass(frozen=True, slots=True)
class ChainFacts:
    """Links of the span. `outside`: rows of the span, older than what may still be on its way, without a link."""

    name: str
    table: str
    first: int
    last: int
    head: int
    head_hash: str
    broken: Sequence[Broken] = ()
    outside: Sequence[tuple[str, datetime]] = ()
    files: Sequence[tuple[str, str]] = ()
    """Of the archive that are `gone` or `changed`, by name: those of this machine, if it has an archive at all."""
    archived: int = 0
    """Rows that lie in the archive."""


@dataclass(frozen=True, slots=True)
class Facts:
    """All of it."""

    span: Span
    received: Received
    alarms: Sequence[Alarm]
    texts: Texts
    commands: Commands
    overdue: Sequence[Overdue]
    numbers: Numbers
    open: Sequence[Open]
    outages: Sequence[Window]
    chains: Sequence[ChainFacts]
    spool: int | None = None
    """Entries that wait in the spool; None: there is no spool here."""
    office_spool: int | None = None
    """The same of the office's own: what gateways have said, and texts that left before their rows."""
    forwards: Forwards = Forwards()
    regions: Mapping[int, tuple[str, str]] = field(default_factory=dict)
    """Names, in Chinese and English."""


GRACE = timedelta(minutes=2)
"""What is younger is still under way."""
UNKNOWN_AFTER = timedelta(minutes=10)
"""A text of which nobody knows for so long whether it arrived is a finding."""
LATE = timedelta(minutes=1)
"""What is due may wait for so long."""
