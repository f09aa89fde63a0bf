"""What makes the other stories mean something: silence and every text are held against the story."""

from __future__ import annotations

import pytest

from tests.support.story import Operator, Story

DAUGHTER, SON = "+8613900000001", "+8613900000002"


async def test_a_text_that_nobody_expected_fails_the_story(story: Story, wang: Operator):
    await story.home("1234", DAUGHTER)
    with pytest.raises(AssertionError, match="nobody expected this"):
        await story.press("1234")


@pytest.mark.parametrize(("phone", "words"), [(SON, "发出紧急求助"), (DAUGHTER, "误按")])
async def test_the_right_words_to_another_phone_or_other_words_are_not_it(
    story: Story, wang: Operator, phone: str, words: str
):
    await story.home("1234", DAUGHTER)
    story.phones.expect(phone, words)
    with pytest.raises(AssertionError, match="nobody expected this"):
        await story.press("1234")
    story.phones.awaited.clear()


async def test_a_text_that_never_comes_fails_the_story(story: Story, wang: Operator):
    await story.home("1234")
    story.phones.expect(DAUGHTER, "发出紧急求助")
    await story.press("1234")
    with pytest.raises(AssertionError, match="never came"):
        await story.ends()
    story.phones.awaited.clear()


async def test_a_text_that_has_not_left_yet_fails_the_story(story: Story, wang: Operator):
    await story.home("1234", DAUGHTER)
    await story.phones.box.leave()
    await story.press("1234")
    with pytest.raises(AssertionError, match="still on their way"):
        await story.ends()
    await story.phones.box.come()
    story.phones.expect(DAUGHTER, "发出紧急求助")
    await story.passes(10)
