"""Words of a table, however they are written."""

import pytest

from callcenter.directory.vocabulary import NO_WORDS, VALUES, Meaning, Subject, Vocabulary, one_form

ALLOWANCE = Meaning(Subject.WELFARE, "minimum_allowance")


@pytest.mark.parametrize("written", ["ＬＯＷ 收入", "low收入", "Low 收入。", " low 收入、"])
def test_one_word_in_many_spellings(written):
    assert Vocabulary({"Low收入": ALLOWANCE}).meaning(written) == ALLOWANCE


def test_a_part_of_a_word_is_another_word():
    assert Vocabulary({"低收入": ALLOWANCE}).meaning("低收入边缘") is None
    assert NO_WORDS.meaning("低收入") is None


def test_a_note_has_no_value_and_all_others_have_some():
    assert VALUES[Subject.NOTE] == ()
    assert "lost_only_child" in VALUES[Subject.WELFARE]
    assert all(VALUES[subject] for subject in Subject if subject is not Subject.NOTE)


def test_what_is_nothing_but_marks_is_no_word():
    assert one_form(" 、。 ") == ""
