"""A grid belongs to its community; what lies above, and a grid seen alone, stands for itself."""

from __future__ import annotations

from callcenter.communities.community import Place, grouped


def place(number: int, level: str, *above: int) -> Place:
    return Place(number, (*above, number), level, None, f"{level} {number}", "")


def test_grids_go_to_their_community_and_what_lies_above_stands_for_itself():
    tree = [place(1, "root"), place(2, "street", 1), place(3, "community", 1, 2)]
    tree += [place(4, "grid", 1, 2, 3), place(5, "grid", 1, 2, 3), place(6, "community", 1, 2)]
    assert grouped(tree) == {1: 1, 2: 2, 3: 3, 4: 3, 5: 3, 6: 6}


def test_whoever_may_see_a_grid_alone_sees_it_as_a_community():
    assert grouped([place(4, "grid", 1, 2, 3)]) == {4: 4}
