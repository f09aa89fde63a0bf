"""The public contract of `POST /ingest/v1/signals`, as the API documentation shows it.

An SOS is never refused for a missing position, a wrong clock or a bad extra field (G3): only `id`, `device` and `kind` are
needed. What else cannot be read is left out and flagged on the journal row.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from callcenter.devices.signals import Datum, Kind

PATH: Final = "/ingest/v1/signals"


class IngestSignal(BaseModel):
    """One signal of a device, as its platform or the device itself sends it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "0198c5b2-7c3e-7a10-9f4e-3d2b1a0c9e8f",
                    "device": "860000000000017",
                    "kind": "sos",
                    "occurred_at": "2026-03-14T04:12:07Z",
                    "lat": 40.0012,
                    "lon": 104.0007,
                    "datum": "wgs84",
                }
            ]
        }
    )

    id: Annotated[
        str,
        Field(
            min_length=1,
            max_length=128,
            description="Made by the sender, the same for every repeat of this signal: a repeat is answered with 200.",
        ),
    ]
    device: Annotated[
        str,
        Field(
            min_length=1,
            max_length=128,
            description="How the device names itself. An unknown one rings, too, as an unknown caller.",
        ),
    ]
    kind: Annotated[
        Kind, Field(description="A kind that is not in the list is taken as `unknown`, and rings.")
    ]
    occurred_at: Annotated[
        datetime | None,
        Field(description="The device's own clock, ISO 8601. A wrong one is accepted and flagged."),
    ] = None
    lat: Annotated[float | None, Field(ge=-90, le=90, description="Degrees.")] = None
    lon: Annotated[float | None, Field(ge=-180, le=180, description="Degrees.")] = None
    datum: Annotated[
        Datum | None, Field(description="Of `lat` and `lon`; left out: as the source is set up.")
    ] = None
    text: Annotated[
        str | None, Field(description="What the device says in words; kept up to 1000 characters.")
    ] = None
    extra: Annotated[
        dict[str, JsonValue] | None, Field(description="Anything else; kept with the signal.")
    ] = None


class IngestAccepted(BaseModel):
    """The signal is on disk."""

    journal_id: UUID
    outcome: Annotated[
        str, Field(description="opened, joined, recorded, duplicate or unknown_device.")
    ]
    incident_id: UUID | None = None
    number: Annotated[
        int | None, Field(description="The number of the incident, as it is spoken aloud.")
    ] = None
