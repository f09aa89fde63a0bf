"""A lock that does not answer to pyproject.toml is told, requirement by requirement."""

from __future__ import annotations

import pytest

from tools.check_locks import mistakes

LOCK = """\
# a comment
asyncpg==0.32.0 \\
    --hash=sha256:aa \\
    --hash=sha256:bb
    # via callcenter
Rich==15.1.0 ; sys_platform != 'win32' \\
    --hash=sha256:cc
hatchling==1.33.0 \\
    --hash=sha256:dd
"""


def project(*dependencies: str, dev: tuple[str, ...] = ()) -> dict[str, object]:
    groups = {"run": ["hatchling>=1.33"], "dev": [{"include-group": "run"}, *dev]}
    return {"project": {"dependencies": list(dependencies)}, "dependency-groups": groups}


def test_a_lock_that_answers_is_silent():
    assert not list(mistakes(project("asyncpg>=0.30", "rich[x]>=15"), "run", LOCK))


@pytest.mark.parametrize(
    ("dependency", "told"),
    [
        ("httpx>=0.28", "httpx>=0.28 is missing"),
        ("asyncpg>=0.33", "asyncpg>=0.33 is pinned to 0.32.0"),
    ],
)
def test_a_requirement_without_its_pin_is_told(dependency: str, told: str):
    assert list(mistakes(project(dependency), "run", LOCK)) == [told]


def test_a_pin_without_a_hash_is_told():
    assert list(mistakes(project(), "run", LOCK + "httpx==0.28.1\n")) == ["httpx has no hash"]


def test_groups_are_followed_into_each_other():
    assert list(mistakes(project(dev=("mypy>=2",)), "dev", LOCK)) == ["mypy>=2 is missing"]
