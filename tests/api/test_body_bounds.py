"""What may be sent, by where it goes."""

from __future__ import annotations

from callcenter.api.body_bounds import AROUND_A_FILE, MIB, BodyBounds
from callcenter.auth.permissions import Action

BOUNDS = BodyBounds(most=7, within_s=1.0, file_most=MIB, file_within_s=2.0, photo_within_s=3.0)


def test_a_form_a_file_and_a_photo_have_bounds_of_their_own():
    form, file, photo = "/api/v1/regions", "/api/v1/residents/import", "/api/v1/residents/7/photo"
    assert [BOUNDS.most_at(path) for path in (form, file)] == [7, MIB + AROUND_A_FILE]
    assert [BOUNDS.within_s_at(path) for path in (form, file, photo)] == [1.0, 2.0, 3.0]


def test_the_largest_body_of_all_is_that_of_a_file_or_of_a_form():
    assert BOUNDS.most_of_all > BOUNDS.most_at("/api/v1/residents/import")
    assert BodyBounds(most=64 * MIB, file_most=MIB).most_of_all > 64 * MIB


def test_only_files_and_pictures_are_uploads_each_with_its_right():
    assert BOUNDS.upload_at("/api/v1/residents/import").right is Action.IMPORT_RESIDENTS
    assert BOUNDS.upload_at("/api/v1/residents/7/photo").right is Action.EDIT_RESIDENTS
    for path in ("/api/v1/drawing/7/picture", "/api/v1/drawing/7/geojson"):
        assert BOUNDS.upload_at(path).right is Action.DRAW_MAP
    assert BOUNDS.upload_at("/api/v1/hotline/prompts/zh/cc-closed").right is Action.MANAGE_LINES
    photographs = "/api/v1/{}/7/photographs"
    assert BOUNDS.upload_at(photographs.format("homes")).right is Action.EDIT_RESIDENTS
    assert BOUNDS.upload_at(photographs.format("buildings") + "/3").right is Action.DRAW_MAP
    for path in ("/api/v1/residents/x/photo", "/api/v1/residents", "/"):
        assert BOUNDS.upload_at(path) is None
