"""What people write through the API is kept as others see it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, ClassVar

import pytest
from fastapi.routing import APIRoute, iter_route_contexts
from pydantic import BaseModel, Field, ValidationError

from callcenter.api.alarm_side import ALARM_ROUTERS
from callcenter.api.application import OFFICE_ROUTERS
from callcenter.auth.router import ConfirmBody, LoginBody, OwnChanges, PasswordBody, SlipLoginBody
from callcenter.auth.walls.router import PairBody
from callcenter.core.written import DEEPEST, Written
from callcenter.dispatch.phone.router import (
    PhoneCodeBody,
    PhoneLinkBody,
    PhoneNumberBody,
    PhonePositionBody,
)
from callcenter.dispatch.phones.router import LinkHours
from callcenter.dispatch.positions.tracker import PositionsBody
from callcenter.liveness.router import CircleBody
from callcenter.rounds.rides.keeping import RatingBody

NOT_READ = {
    LoginBody,
    SlipLoginBody,
    ConfirmBody,
    PasswordBody,
    OwnChanges,
    PairBody,
    CircleBody,
    PhoneNumberBody,
    PhoneCodeBody,
    PhoneLinkBody,
    PhonePositionBody,
    PositionsBody,
    LinkHours,
    RatingBody,
}
"""Passwords, codes, numbers, a choice of two, and figures of a machine."""


class Note(Written):
    verbatim: ClassVar[frozenset[str]] = frozenset({"password"})

    text: str = ""
    more: Annotated[dict[str, Any], Field(default_factory=dict)]
    lines: Annotated[list[str], Field(default_factory=list)]
    password: str = ""


def test_what_cannot_be_seen_is_left_out_at_every_depth_but_not_of_a_password():
    rlo, zero_width = "\u202e", "\u200b"
    note = Note.model_validate(
        {
            "text": f"王{zero_width}秀{rlo}英\ud800\0",
            "more": {f"a{zero_width}": [{"b": f"x{rlo}"}]},
            "lines": [f"1{zero_width}", "二\t三\n"],
            "password": f"p{zero_width}w",
        }
    )
    assert note == Note(
        text="王秀英", more={"a": [{"b": "x"}]}, lines=["1", "二\t三\n"], password="p\u200bw"
    )


def test_a_name_of_nothing_that_can_be_seen_is_empty():
    assert Note(text="\u200b\u2060\ufeff").text == ""


@pytest.mark.parametrize("said", [[], "text", 5, None])
def test_what_is_no_object_is_refused_as_ever(said):
    with pytest.raises(ValidationError):
        Note.model_validate(said)


def test_what_is_nested_without_end_is_refused():
    deep: dict[str, Any] = {}
    for _ in range(DEEPEST + 1):
        deep = {"deeper": deep}
    with pytest.raises(ValidationError):
        Note(more=deep)


def bodies() -> Iterator[tuple[str, type[BaseModel]]]:
    for router in (*ALARM_ROUTERS, *OFFICE_ROUTERS):
        for context in iter_route_contexts(router.routes):
            route = context.original_route
            if not isinstance(route, APIRoute):
                continue
            for parameter in route.dependant.body_params:
                kind = parameter.field_info.annotation
                if isinstance(kind, type) and issubclass(kind, BaseModel):
                    yield route.path, kind


def test_every_body_that_people_write_is_kept_as_it_is_seen():
    found = dict(bodies())
    assert len(found) > 15
    assert {path for path, kind in found.items() if not issubclass(kind, Written)} == {
        path for path, kind in found.items() if kind in NOT_READ
    }
