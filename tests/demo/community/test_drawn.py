"""The demo's own pictures are pictures, and small."""

from __future__ import annotations

import pytest

from callcenter.demo.community.drawn import HEIGHT, SCENES, WIDTH, drawn
from callcenter.residents.photographs.keeping import picture_of


@pytest.mark.parametrize("scene", SCENES)
def test_a_scene_is_a_picture_that_a_site_would_take_as_it_is(scene):
    picture = picture_of(drawn(scene))
    assert (picture.media_type, picture.size) == ("image/png", (WIDTH, HEIGHT))
    assert picture.content == drawn(scene)
    assert len(picture.content) < 4_000
