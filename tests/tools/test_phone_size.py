"""An old phone on a bad line loads the page in a few seconds: it stays as small as it was meant to be."""

from __future__ import annotations

import pytest

from tools.phone_size import MOST_KB, STATIC, parts


@pytest.mark.skipif(not (STATIC / "m.html").exists(), reason="the console is not built")
def test_the_page_of_phones_is_small():
    found = parts()
    assert len(found) >= 4, "the page loads its script and its style"
    assert sum(size for _, size in found) <= MOST_KB, found
