"""Texts of families that came in while the database is away: kept as they came for it, and told to the alarm process at once."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from pydantic import BaseModel

from callcenter.sms.arrivals import LONGEST_TEXT, sender_number
from callcenter.sms.gateway import InboundText

MOST: Final = 200
"""The latest of them; earlier ones were told long ago."""


class ArrivedAway(BaseModel):
    """One of them. `id`: by which its row will be known, `sender`: E.164 where it is a number."""

    id: UUID
    sender: str
    text: str
    at: datetime


class ArrivedTexts:
    """Those that were kept, in their order, until the database is back."""

    def __init__(self) -> None:
        self._latest: deque[ArrivedAway] = deque(maxlen=MOST)

    def note(
        self,
        call_id: UUID,
        arrivals: Sequence[InboundText],
        at: datetime,
        of_field: Collection[int] = (),
    ) -> None:
        """A call that was kept has brought these; those at the places `of_field` are no answers of families."""
        for place, one in enumerate(arrivals):
            if place in of_field:
                continue
            inbound_id = ids_of(call_id, len(arrivals))[place]
            words = one.text[:LONGEST_TEXT].encode("utf-8", "replace").decode("utf-8")
            said = ArrivedAway(id=inbound_id, sender=sender_number(one.sender), text=words, at=at)
            self._latest.append(said)

    def all(self) -> list[ArrivedAway]:
        """For whoever knows which of them are new."""
        return list(self._latest)


def ids_of(call_id: UUID, count: int) -> Sequence[UUID]:
    """Of the texts of one call: the same whenever they are worked out, so that each is one wherever it is met."""
    return [UUID(int=call_id.int ^ place) for place in range(count)]
