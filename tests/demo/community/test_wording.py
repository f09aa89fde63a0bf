"""The words that the listed people share."""

from callcenter.demo.community.people import households
from callcenter.demo.community.wording import ACROSS_THE_LANDING, SAME_HOME, words


def test_the_distances_that_decide_something_are_listed():
    assert {ACROSS_THE_LANDING, SAME_HOME} <= set(words().distances)
    assert {key for key, distance in words().distances.items() if distance.far_away} == {
        "far_away",
        "abroad",
    }


def test_every_condition_is_somebodys_and_told_in_both_languages():
    named = {key for home in households() for person in home.people for key in person.conditions}
    assert named == set(words().conditions)
    assert all(condition.note.zh and condition.note.en for condition in words().conditions.values())
