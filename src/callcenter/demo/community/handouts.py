"""What the demo hands out beside the database: to its virtual devices who they are, to the log-in page who may log in."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.core.sealed import Seal
from callcenter.demo.community.plan import DC09_SOURCE, HTTP_KEY_ID, HTTP_SOURCE
from callcenter.demo.community.users import PASSWORD, users
from callcenter.devices.models import Device, DeviceAssignment, Source
from callcenter.regions.models import Region
from callcenter.residents.models import Home, Resident

DEVICE_KEY = "device.key"
HMAC_SECRET = "source.hmac_secret"  # noqa: S105 - the name of a sealed column, not a secret


def describe_logins() -> dict[str, Any]:
    """For the log-in page of the demo, so that a newcomer needs one press."""
    return {
        "logins": [
            {
                "login": user.login,
                "password": PASSWORD,
                "name": user.name.zh,
                "name_en": user.name.en,
                "role": user.role,
            }
            for user in users()
        ]
    }


def bearer_of(secret: str) -> str:
    """Derived, so that one sealed secret is enough to tell both again."""
    return sha256(b"bearer:" + secret.encode()).hexdigest()


async def describe_devices(session: AsyncSession, seal: Seal) -> dict[str, Any]:
    """What the virtual devices need: who they are and what they sign or encrypt with."""
    source = (await session.scalars(select(Source).where(Source.name == HTTP_SOURCE))).one()
    assert source.hmac_secret_sealed is not None  # noqa: S101 - written by _sources
    secret = seal.open(source.hmac_secret_sealed, context=HMAC_SECRET).decode()
    return {
        "http": {
            "source": HTTP_SOURCE,
            "key_id": source.hmac_key_id,
            "secret": secret,
            "bearer": bearer_of(secret),
        },
        "devices": [
            _description(row, seal, secret) for row in (await session.execute(_described())).all()
        ],
    }


def _described() -> Any:
    only_resident: ColumnElement[bool] = (Resident.id == DeviceAssignment.resident_id) | (
        DeviceAssignment.resident_id.is_(None) & (Resident.home_id == Home.id)
    )
    return (
        select(
            Device,
            Home.address,
            Home.address_en,
            Resident.name,
            Resident.name_latin,
            Resident.phone,
        )
        .ext(distinct_on(Device.id))
        .join(Region, Region.id == Device.region_id)
        .outerjoin(DeviceAssignment, DeviceAssignment.device_id == Device.id)
        .outerjoin(Home, Home.id == DeviceAssignment.home_id)
        .outerjoin(Resident, only_resident)
        .where(Device.source.in_([DC09_SOURCE, HTTP_SOURCE]))
        .order_by(Device.id, Resident.id)
    )


def _description(row: Any, seal: Seal, secret: str) -> dict[str, Any]:
    device, address, address_en, name, name_latin, phone = row
    over_http = device.source == HTTP_SOURCE
    key = device.key_sealed and seal.open(device.key_sealed, context=DEVICE_KEY).hex()
    return {
        "identifier": device.identifier,
        "source": "http" if over_http else "dc09",
        "source_name": device.source,
        "kind": device.kind,
        "key": key,
        "key_id": HTTP_KEY_ID if over_http else None,
        "secret": secret if over_http else None,
        "resident": name,
        "resident_latin": name_latin,
        "home": address,
        "home_en": address_en,
        "phone": device.sim or phone,
    }
