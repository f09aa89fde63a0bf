"""What an adapter to a telephone exchange must do. Each lives in `pbxs/<name>/`, with everything that only it knows.

A **leg** is one telephone within a call: whoever rang, a seat, a contact who is rung. A **talk** is a room in which legs hear each
other. Whoever gives an order chooses the ids, so that an order given twice is one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from callcenter.core.errors import Conflict, Unavailable


class PbxAway(Unavailable):
    """The exchange does not answer. What stands in it goes on: it is found again when it does."""

    code = "pbx_away"


class PbxRefused(Conflict):
    """The exchange did not carry an order out: a leg that is gone, a telephone that is not there."""

    code = "pbx_refused"


# ---- what it says


@dataclass(frozen=True, slots=True)
class Arrived:
    """Somebody rings one of our numbers, or a seat has picked up and dialled. `call` is the exchange's name of the whole call, which stands in its
    own log, too; `line` and `caller` are as they were signalled, unread.
    """

    leg: str
    call: str
    line: str
    caller: str
    name: str = ""
    withheld: bool = False
    seat: str = ""
    """The seat's name at the exchange, where it was a seat."""


@dataclass(frozen=True, slots=True)
class Rings:
    """A telephone that is called rings."""

    leg: str


@dataclass(frozen=True, slots=True)
class Answered:
    """A telephone that was called has been picked up, by a person or by a machine."""

    leg: str


@dataclass(frozen=True, slots=True)
class Ended:
    """A leg is gone. `cause` as in ITU-T Q.850: 16 hung up, 17 busy, 19 no answer, 21 refused, 34 no line free."""

    leg: str
    cause: int


@dataclass(frozen=True, slots=True)
class Digit:
    """A key was pressed on that telephone."""

    leg: str
    digit: str


@dataclass(frozen=True, slots=True)
class SaidOut:
    """What was to be said has been said, or was cut short."""

    saying: str
    leg: str


@dataclass(frozen=True, slots=True)
class Connected:
    """The way to the exchange is open (again), and this is what stands in it. Nothing of what happened meanwhile is told anew."""

    legs: Mapping[str, LegFound]
    talks: Mapping[str, frozenset[str]]
    """The legs in each."""


@dataclass(frozen=True, slots=True)
class LegFound:
    """`ours`: it waits for orders of this server, `arrived` says how it came."""

    is_up: bool
    ours: bool
    arrived: Arrived | None = None


@dataclass(frozen=True, slots=True)
class Lost:
    """The way to the exchange is gone. What stands in it goes on."""

    why: str


Heard = Arrived | Rings | Answered | Ended | Digit | SaidOut | Connected | Lost


# ---- what it is told


@dataclass(frozen=True, slots=True)
class Shown:
    """What the telephone that is called shows."""

    number: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class To:
    """Whom to ring: a seat by its name at the exchange, or a number that is dialled.

    `by_hand`: somebody at a seat dials it. The exchange itself lets emergency numbers pass for nobody else, and for them alone
    where its configuration says that the site is in service.
    """

    seat: str = ""
    number: str = ""
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class SeatKey:
    """With which a console registers its telephone. Made anew for each session and kept nowhere."""

    name: str
    password: str = field(repr=False)


def room_of(spy: str) -> str:
    """The talk that `listen_in` opens between what joins the two and the supervisor."""
    return f"{spy}-room"


class Pbx(Protocol):
    """Knows no other adapter and no database. Orders raise PbxAway and PbxRefused."""

    @property
    def name(self) -> str:
        """Stands at each call, beside the exchange's own name of it."""

    @property
    def is_simulated(self) -> bool:
        """Whether nobody real is in its calls and nothing is heard: it is said wherever one of them is shown or counted. Each console that is
        open has a telephone then, which answers by itself.
        """

    @property
    def is_there(self) -> bool:
        """Whether orders would be taken now."""

    async def run(self, hear: Callable[[Heard], None]) -> None:
        """Tell what the exchange says, in its order, for ever: first Connected or Lost; it connects anew by itself."""

    async def standing(self) -> Connected:
        """What stands in it now, asked while the way is open."""

    async def admit(self, key: SeatKey) -> None:
        """Let a console register under this name with this password, and end what was registered under it before."""

    async def dismiss(self, name: str) -> None:
        """Let it register no more."""

    async def ring(self, leg: str, to: To, shown: Shown, within_s: int, call: str) -> None:
        """Call a telephone: Rings, Answered or Ended follow. `call` goes with it to the page of a seat and into the log of the exchange."""

    async def answer(self, leg: str) -> None: ...

    async def hang_up(self, leg: str, cause: int = 16) -> None:
        """A leg that is gone is hung up."""

    async def talk(self, talk: str, legs: Sequence[str]) -> None:
        """These hear each other from now on. A talk that is there takes them in as well; whoever was in another leaves that."""

    async def leave(self, talk: str, leg: str) -> None: ...

    async def close_talk(self, talk: str) -> None:
        """Nobody is hung up by it."""

    async def wait(self, leg: str, music: bool = True) -> None:
        """This leg hears music, or nothing, until it is put into a talk."""

    async def give_away(self, leg: str) -> None:
        """The exchange goes on with this leg as it does where no server is there: duty phones, then a message. It takes no more orders."""

    async def mute(self, leg: str, muted: bool) -> None: ...

    async def say(self, saying: str, leg: str, prompts: Sequence[str], language: str) -> None:
        """Play prompts, one after the other, to this leg alone. SaidOut follows."""

    async def hush(self, saying: str) -> None:
        """Cut short what is being said."""

    async def keys(self, leg: str, digits: str) -> None:
        """Send keys to that telephone (the hub of a home that listens or speaks by key)."""

    async def listen_in(self, spy: str, leg: str, supervisor: str, whisper: bool) -> None:
        """A leg of a supervisor hears this one, and with `whisper` is heard by it alone. `spy` is the id of what joins the two."""

    async def close(self) -> None: ...
