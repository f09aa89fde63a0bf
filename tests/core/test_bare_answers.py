"""What answers carry in which there is nothing to show."""

from __future__ import annotations

from callcenter.core.bare_answers import SAFE_HEADERS


def test_a_browser_may_run_frame_guess_and_keep_nothing_of_them():
    said = dict(SAFE_HEADERS)
    assert len(said) == len(SAFE_HEADERS)
    assert said[b"content-security-policy"] == b"default-src 'none'; frame-ancestors 'none'"
    assert said[b"x-content-type-options"] == b"nosniff"
    assert said[b"cache-control"] == b"no-store"
