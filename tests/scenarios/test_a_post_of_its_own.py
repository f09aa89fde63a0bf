"""B8: the community has a post of its own in the police room. It rings there and at the district centre at once, and what is of
another community never shows there.
"""

from __future__ import annotations

import pytest

from tests.support.story import DUTY, Operator, Story


@pytest.fixture
async def post(story: Story) -> Operator:
    """Somebody who sits in the community and sees nothing else."""
    return await story.operator("post", region=story.community.street)


async def test_it_rings_at_the_post_and_at_the_centre_and_the_post_takes_it(
    story: Story, wang: Operator, post: Operator
):
    await story.home("1234")
    incident = await story.press("1234")
    for operator in (wang, post):
        await operator.sees(incident, state="waiting", ring_to=[])
    await post.done(incident, "take")
    await wang.sees(incident, state="taken", taken_by_name="post同志")


async def test_a_post_that_is_left_leaves_it_to_the_centre(
    story: Story, wang: Operator, post: Operator
):
    await story.home("1234")
    post.leaves()
    incident = await story.press("1234")
    await story.passes(10)  # nobody is texted: somebody sits at the centre
    await wang.done(incident, "take")


async def test_at_night_the_post_is_alone_and_with_it_the_duty_phone(story: Story, post: Operator):
    await story.home("1234")
    incident = await story.press("1234")
    await story.passes(14)
    story.phones.expect(DUTY, "至今无人接警")
    await story.passes(4)
    await post.done(incident, "take")


async def test_the_alarm_of_another_community_neither_shows_nor_counts_as_seen_at_the_post(
    story: Story, post: Operator
):
    west = await story.community.region(story.community.root, "community", "西柳社区")
    home = await story.community.home(region=west)
    await story.community.device("7777", home, await story.community.resident(home, "王秀英"))
    await story.reload()
    story.phones.expect(DUTY, "现无坐席在岗")
    incident = await story.press("7777")
    assert incident not in post.board
    assert await post.refused(incident, "take") == (404, "not_found")
    story.phones.expect(DUTY, "现无坐席在岗")
    await story.passes(60)
