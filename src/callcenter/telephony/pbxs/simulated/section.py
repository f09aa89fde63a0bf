"""What the demo says about its simulated exchange: the section `telephony` of the settings, where no real one is found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Dialled = Annotated[str, StringConstraints(pattern=r"^\+?[0-9*#]{2,20}$")]


class SimulatedSection(BaseModel):
    """Calls in memory, without sound, marked as simulated wherever they stand. In the demo alone."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["simulated"] = Field("simulated", description="Never at a site.")
    name: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,30}$")] = Field(
        "simulated", description="Stands at each call."
    )
    stands_for: Mapping[Dialled, Dialled] = Field(
        {},
        description="Who dials the first at a seat rings the second. Nothing leaves the machine.",
    )

    folder: ClassVar[None] = None
    """Nothing of it is on a disk: no recordings, no log, no prompts."""
    http: ClassVar[None] = None
    """No telephone of a page registers with it."""
    desk_phones: ClassVar[tuple[()]] = ()
