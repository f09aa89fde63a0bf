"""Rows of a small community for tests: a region tree, homes, residents, contacts, devices, sources."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

import asyncpg

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass
class Community:
    """Writes rows as the owner; each method answers with the new id."""

    owner: asyncpg.Connection
    root: int = 0
    street: int = 0

    @classmethod
    async def found(cls, owner: asyncpg.Connection) -> Community:
        """A root and one street of it, whose families are told at once."""
        community = cls(owner)
        community.root = await community.region(
            None, "root", "Root", duty_numbers=["+8613900000009"]
        )
        community.street = await community.region(community.root, "street", "榆荫街道")
        return community

    async def region(
        self,
        parent: int | None,
        level: str,
        name: str,
        *,
        duty_numbers: list[str] | None = None,
        sms_policy: str | None = "at_once",
    ) -> int:
        path = (
            []
            if parent is None
            else await self.owner.fetchval("SELECT path FROM region WHERE id = $1", parent)
        )
        region_id: int = await self.owner.fetchval(
            "INSERT INTO region (parent_id, path, level, name, name_en, hotline, sms_policy, sms_signature,"
            " sms_signature_en, duty_numbers) VALUES ($1, '{}', $2, $3, 'Yuyin Street', '0999-8012349', $4, '榆荫里养老',"
            " 'Yuyinli Care', $5) RETURNING id",
            parent,
            level,
            name,
            sms_policy,
            duty_numbers or [],
        )
        await self.owner.execute(
            "UPDATE region SET path = $2 WHERE id = $1", region_id, [*path, region_id]
        )
        return region_id

    async def home(self, *, region: int | None = None, address: str = "榆荫里7号楼2单元501") -> int:
        home_id: int = await self.owner.fetchval(
            "INSERT INTO home (region_id, address, address_en, entrance, floor, door, lat, lng)"
            " VALUES ($1, $2, 'Yuyinli 7-2-501', '2', 5, '501', 40.0, 104.0) RETURNING id",
            region or self.street,
            address,
        )
        return home_id

    async def resident(
        self, home: int, name: str = "沈玉兰", latin: str = "Shen Yulan", status: str = "home"
    ) -> int:
        resident_id: int = await self.owner.fetchval(
            "INSERT INTO resident (home_id, name, name_latin, pinyin, initials, sex, birth_date, status, risk, hazards,"
            " created_at, updated_at) VALUES ($1, $2, $3, 'shenyulan', 'syl', 'female', $4, $5, 'high', '{抗凝药}', $6, $6)"
            " RETURNING id",
            home,
            name,
            latin,
            date(1943, 3, 1),
            status,
            LONG_AGO,
        )
        return resident_id

    async def contact(self, resident: int, rank: int = 1, phone: str = "+8613900000001") -> int:
        contact_id: int = await self.owner.fetchval(
            "INSERT INTO contact (resident_id, rank, name, name_latin, relation, relation_en, phone)"
            " VALUES ($1, $2, '沈岚', 'Shen Lan', '女儿', 'daughter', $3) RETURNING id",
            resident,
            rank,
            phone,
        )
        return contact_id

    async def source(self, name: str = "dc09", kind: str = "dc09", horizon_s: int = 60) -> str:
        await self.owner.execute(
            "INSERT INTO source (name, kind, region_id, retry_horizon_s) VALUES ($1, $2, $3, $4)",
            name,
            kind,
            self.root,
            horizon_s,
        )
        return name

    async def device(
        self, identifier: str, home: int | None, resident: int | None = None, source: str = "dc09"
    ) -> int:
        device_id: int = await self.owner.fetchval(
            "INSERT INTO device (region_id, source, identifier, kind) VALUES ($1, $2, $3, 'pendant') RETURNING id",
            self.street,
            source,
            identifier,
        )
        if home is not None:
            await self.owner.execute(
                "INSERT INTO device_assignment (device_id, home_id, resident_id, valid_from) VALUES ($1, $2, $3, $4)",
                device_id,
                home,
                resident,
                LONG_AGO,
            )
        return device_id

    async def user(self, login: str, role: str = "operator", region: int | None = None) -> int:
        user_id: int = await self.owner.fetchval(
            "INSERT INTO app_user (login, name, password_hash, created_at) VALUES ($1, $1, '', $2) RETURNING id",
            login,
            LONG_AGO,
        )
        await self.owner.execute(
            "INSERT INTO role_grant (user_id, role, region_id) VALUES ($1, $2, $3)",
            user_id,
            role,
            region or self.root,
        )
        return user_id
