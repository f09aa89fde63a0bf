"""What belongs to a building and what to a home, and in which order somebody on the way needs it."""

from __future__ import annotations

import pytest

from callcenter.core.errors import Invalid
from callcenter.residents.photographs.kinds import (
    KINDS_AT,
    PhotographKind,
    PlaceKind,
    check_kind,
    order_of,
    same_entrance,
)


def test_every_kind_belongs_somewhere_and_what_shows_a_home_never_to_a_building():
    assert frozenset.union(*KINDS_AT.values()) == set(PhotographKind)
    for kind in (PhotographKind.DOOR, PhotographKind.KEY_BOX, PhotographKind.INSIDE):
        with pytest.raises(Invalid) as refused:
            check_kind(PlaceKind.BUILDING, kind)
        assert refused.value.code == "photograph_kind"
        check_kind(PlaceKind.HOME, kind)


def test_pictures_are_shown_along_the_way():
    taken = [("door", "", 1), ("entrance", "2", 2), ("front", "", 5), ("front", "", 3)]
    assert [each[2] for each in sorted(taken, key=lambda each: order_of(*each))] == [3, 5, 2, 1]


@pytest.mark.parametrize("written", ["2", "2单元", "２单元", " 2 ", "Entrance 2", "unit 2"])
def test_an_entrance_is_the_same_however_it_is_written(written):
    assert same_entrance("2", written)
    assert not same_entrance("12", written)
