"""How the invented community is read from the files in data/: what they leave out or misspell ends the start."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict

_DATA = Path(__file__).parent / "data"


class Listed(BaseModel):
    """A table of a data file. Raises pydantic's ValidationError for a key that it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True, slots=True)
class Both:
    """One wording in the two languages of the demo."""

    zh: str
    en: str


NOTHING = Both("", "")

Shape = TypeVar("Shape", bound=Listed)


def read(file: str, shape: type[Shape]) -> Shape:
    """The content of `data/<file>`."""
    return shape.model_validate(tomllib.loads((_DATA / file).read_text("utf-8")))
