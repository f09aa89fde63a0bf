"""What a phone sends, read so that a word that makes no sense costs that word and not the deed: who is at the door is at the door,
whatever their phone says of where that is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import Field

from callcenter.core.visible import visible
from callcenter.core.written import Written
from callcenter.dispatch.choosing import Spot
from callcenter.dispatch.phone.models import CodeOf
from callcenter.dispatch.phone.one_by_one import MOST_COMMANDS, SaidByPhone
from callcenter.dispatch.proof import Fix

WORDS: Final = 500
LONGEST_WAY_MIN: Final = 600
UNSAID_ACCURACY_M: Final = 100.0


class PhoneCommandBody(SaidByPhone):
    """One thing that somebody did. `id` is made by the phone; `after` is what they did before for the same job. `said_at` is by the
    phone's clock, which was `clock_error_s` ahead when that was measured last. `body`: by its name, see `POST /phone/commands`.
    """

    task_id: UUID | None = None
    after: UUID | None = None


class PhoneBatchBody(Written):
    """In the order in which these things were done."""

    commands: Annotated[list[PhoneCommandBody], Field(max_length=MOST_COMMANDS)]


def words(body: Mapping[str, Any], name: str) -> str:
    """A text of the body, as people see it and no longer than it may be."""
    said = body.get(name)
    return visible(said).strip()[:WORDS] if isinstance(said, str) else ""


def minutes(body: Mapping[str, Any]) -> int | None:
    """How long the way takes, of a sensible number."""
    said = body.get("minutes")
    if not isinstance(said, int) or isinstance(said, bool) or not 0 <= said <= LONGEST_WAY_MIN:
        return None
    return said


def fix_of(body: Mapping[str, Any]) -> Fix | None:
    """The position, or None for what is none on this earth: a text, NaN, 91 degrees north."""
    lat, lng = number(body.get("lat"), 90), number(body.get("lng"), 180)
    if lat is None or lng is None:
        return None
    accuracy = number(body.get("accuracy_m"), 1e7)
    return Fix(Spot(lat, lng), UNSAID_ACCURACY_M if accuracy is None else abs(accuracy))


def number(said: object, most: float) -> float | None:
    """A finite number of at most this size."""
    if isinstance(said, bool) or not isinstance(said, int | float):
        return None
    return float(said) if abs(said) <= most else None  # of 400 digits, too; NaN is at most nothing


def id_of(body: Mapping[str, Any], name: str) -> UUID | None:
    """An id in the body."""
    try:
        return UUID(str(body.get(name)))
    except ValueError:
        return None


def codes_said(body: Mapping[str, Any]) -> Mapping[CodeOf, str]:
    """What somebody read at the door or on the card."""
    read = {kind: words(body, f"{kind}_code") for kind in CodeOf}
    return {kind: said for kind, said in read.items() if said}
