"""The log-ins of the demo."""

from __future__ import annotations

from functools import cache

from callcenter.auth.permissions import Role
from callcenter.demo.community.listed import Both, Listed, read

PASSWORD = "yuyinli-demo"  # noqa: S105 - printed at the start of every demo, refused by nobody, used nowhere else


class ListedUser(Listed):
    """Somebody with a role for the whole tree of regions."""

    login: str
    name: Both
    role: Role
    language: str = "zh-CN"
    speaks: tuple[str, ...] = ()
    """Keys of the dialects in wording.toml."""


class _File(Listed):
    user: tuple[ListedUser, ...]


@cache
def users() -> tuple[ListedUser, ...]:
    """All log-ins, the operators first."""
    return read("users.toml", _File).user
