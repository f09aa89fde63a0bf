"""Phones of the staff in front of the API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import httpx

from tests.support.field import Field, later

PHONE = "/api/v1/phone"


@dataclass
class InHand:
    """A browser of somebody who works outside."""

    field: Field
    client: httpx.AsyncClient

    async def get(self, path: str) -> Any:
        answer = await self.client.get(f"{PHONE}{path}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def post(self, path: str, **body: object) -> tuple[int, str]:
        """Status, and the code of a refusal."""
        answer = await self.client.post(f"{PHONE}{path}", json=body)
        return answer.status_code, answer.json()["error"]["code"] if answer.is_error else ""

    async def text(self, number: str) -> str | None:
        """The digits of the last text to a number."""
        sent: str | None = await self.field.owner.fetchval(
            "SELECT params->>'pin' FROM sms_message WHERE recipient = $1 AND kind = 'phone_code' ORDER BY created_at DESC, id DESC",
            number,
        )
        return sent

    async def log_in(self, staff_id: int) -> None:
        number = await self.field.owner.fetchval("SELECT phone FROM staff WHERE id = $1", staff_id)
        assert await self.post("/login/code", number=number) == (204, "")
        code = await self.text(number)
        assert code is not None
        assert await self.post("/login", number=number, code=code, device="Phone") == (204, "")

    async def does(
        self, name: str, task_id: UUID | None, body: Mapping[str, object] | None = None
    ) -> Any:
        """One command; what it was told."""
        command = {
            "id": str(uuid4()),
            "name": name,
            "task_id": str(task_id) if task_id else None,
            "said_at": later().isoformat(),
            "clock_error_s": 0,
            "body": body or {},
        }
        answer = await self.client.post(f"{PHONE}/commands", json={"commands": [command]})
        assert answer.status_code == 200, answer.text
        return answer.json()["answers"][0]
