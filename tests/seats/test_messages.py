"""What a console may send: bounded, and of known kinds."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from callcenter.core.ids import new_id
from callcenter.seats.messages import MOST_AT_ONCE, RING_MAX, ClientMessage, Duty, Seen

READ: TypeAdapter[Any] = TypeAdapter(ClientMessage)
RUNG = {"incident_id": str(new_id()), "ring": 1}


def test_messages_are_told_apart_by_their_type_and_unknown_fields_are_ignored():
    assert READ.validate_python({"type": "duty", "armed": True, "later": 1}) == Duty(armed=True)
    assert isinstance(READ.validate_python({"type": "seen", "incidents": [RUNG]}), Seen)


@pytest.mark.parametrize(
    "message",
    [
        {"type": "command"},
        {"armed": True},
        {"type": "duty"},
        {"type": "seen", "incidents": [RUNG] * (MOST_AT_ONCE + 1)},
        {"type": "sounding", "incidents": [RUNG | {"ring": 0}]},
        {"type": "sounding", "incidents": [RUNG | {"ring": RING_MAX + 1}]},
        {"type": "seen", "incidents": [{"incident_id": "x", "ring": 1}]},
    ],
)
def test_what_is_no_message_of_a_console_is_refused(message: dict[str, object]):
    with pytest.raises(ValidationError):
        READ.validate_python(message)
