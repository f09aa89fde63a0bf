"""Bodies with words of people: of what somebody wrote, what can be seen is kept, in every field and however deep it lies."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from pydantic import BaseModel, model_validator

from callcenter.core.visible import visible

DEEPEST: Final = 32


class Written(BaseModel):
    """The base of every body whose texts others read. `verbatim` names the fields that nobody reads: passwords."""

    verbatim: ClassVar[frozenset[str]] = frozenset()

    @model_validator(mode="before")
    @classmethod
    def _as_seen(cls, said: Any) -> Any:
        if not isinstance(said, dict):
            return said
        return {
            name: value if name in cls.verbatim else seen(value) for name, value in said.items()
        }


def seen(value: Any, depth: int = 0) -> Any:
    """The same value with every text in it as people see it. Raises ValueError for what is nested too deeply."""
    if isinstance(value, str):
        return visible(value)
    if not isinstance(value, dict | list):
        return value
    if depth >= DEEPEST:
        raise ValueError("nested too deeply")
    if isinstance(value, list):
        return [seen(each, depth + 1) for each in value]
    return {seen(name): seen(each, depth + 1) for name, each in value.items()}
