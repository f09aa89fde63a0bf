"""What the exchange is told to do: one document an order of `telephony.pbx.Pbx`, so that whoever decides does nothing itself. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from callcenter.telephony.pbx import Shown, To

RINGS_FOR_S: Final = 45
"""A telephone that is called rings no longer."""


@dataclass(frozen=True, slots=True)
class PickUp:
    leg: str


@dataclass(frozen=True, slots=True)
class Ring:
    """`call` is the exchange's name of the call that it belongs to."""

    leg: str
    to: To
    shown: Shown
    call: str
    within_s: int = RINGS_FOR_S


@dataclass(frozen=True, slots=True)
class Join:
    """These hear each other."""

    talk: str
    legs: Sequence[str]


@dataclass(frozen=True, slots=True)
class Leave:
    talk: str
    leg: str


@dataclass(frozen=True, slots=True)
class CloseTalk:
    talk: str


@dataclass(frozen=True, slots=True)
class Wait:
    leg: str
    music: bool = True


@dataclass(frozen=True, slots=True)
class GiveAway:
    """To the duty phones: nobody is at a seat."""

    leg: str


@dataclass(frozen=True, slots=True)
class HangUp:
    leg: str
    cause: int = 16


@dataclass(frozen=True, slots=True)
class Mute:
    leg: str
    muted: bool


@dataclass(frozen=True, slots=True)
class Keys:
    leg: str
    digits: str


@dataclass(frozen=True, slots=True)
class Say:
    saying: str
    leg: str
    prompts: Sequence[str]
    language: str


@dataclass(frozen=True, slots=True)
class Hush:
    saying: str


@dataclass(frozen=True, slots=True)
class ListenIn:
    spy: str
    leg: str
    supervisor: str
    whisper: bool


Deed = (
    PickUp
    | Ring
    | Join
    | Leave
    | CloseTalk
    | Wait
    | GiveAway
    | HangUp
    | Mute
    | Keys
    | Say
    | Hush
    | ListenIn
)
