"""Open files are shared out so that connections never use up the last."""

from __future__ import annotations

import resource
from collections.abc import Iterator

import pytest

from callcenter.core.descriptors import OWN, Shares, narrowed, raise_limit, shares


@pytest.mark.parametrize("limit", [256, 1024, 4096, 65_536])
def test_everything_that_may_be_open_at_once_is_less_than_the_limit(limit: int):
    given = shares(limit)
    second_ones = given.browsers
    assert given.devices + given.browsers + second_ones + given.backlog + OWN <= limit
    assert given.devices > given.browsers > 0


@pytest.fixture
def few() -> Iterator[int]:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (512, hard))
    yield hard
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_the_soft_limit_is_raised_at_the_start(few: int):
    limit = raise_limit()
    assert limit == resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    assert limit > 512 or few == 512


def test_settings_make_the_shares_smaller_and_never_larger():
    given = shares(4096)
    assert narrowed(given, None, None) == given
    assert narrowed(given, 10, 20) == Shares(10, 20, given.backlog)
    assert narrowed(given, 10**6, 10**6) == given
