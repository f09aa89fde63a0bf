"""What happened to a text after the gateway took it, as the gateway reports it: out of order, repeated, or never."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.sms import progress
from callcenter.sms.models import SmsState


@dataclass(frozen=True, slots=True)
class Receipt:
    """One report. `mask` is Kannel's bit mask; other gateways translate into it."""

    message_id: UUID
    attempt: int
    mask: int
    provider_id: str | None
    """The network's id of the text, if the report names one."""
    detail: str
    """What the network said, e.g. `NACK/0x00000045/Submit failed`."""


async def apply(session: AsyncSession, receipt: Receipt, now: datetime) -> bool:
    """Moves the row forward if the receipt proves something new; a repeat changes nothing. True when the row changed."""
    state = progress.of_receipt(receipt.mask)
    if state is None:
        return False
    changed = await session.scalar(
        text(_APPLY),
        {
            "id": receipt.message_id,
            "attempt": receipt.attempt,
            "state": state.value,
            "error": _error(receipt) if state is SmsState.FAILED else None,
            "provider_id": receipt.provider_id or None,
            "look_again": progress.refused_by_network(receipt.mask),
            "moves": progress.RECEIPT_MOVES,
            "late_moves": progress.LATE_RECEIPT_MOVES,
            "now": now,
        },
    )
    return changed is not None


def _error(receipt: Receipt) -> str:
    """`receipt_<mask>`, with what the network said, for the operator to read out to support."""
    detail = " ".join(receipt.detail.replace("\x00", "").split())[:200]
    return f"receipt_{receipt.mask} {detail}".strip()


_APPLY = """
UPDATE sms_message AS message
SET state = :state,
    error = CAST(:error AS text),
    provider_id = coalesce(:provider_id, message.provider_id),
    submitted_at = coalesce(message.submitted_at, :now),
    settled_at = CASE WHEN :state IN ('delivered', 'failed') THEN CAST(:now AS timestamptz) END,
    lease_until = CASE WHEN :look_again THEN clock_timestamp()
                       WHEN :state IN ('delivered', 'failed') THEN NULL
                       ELSE clock_timestamp() + (message.expires_at - CAST(:now AS timestamptz)) + interval '1 minute' END,
    version = message.version + 1
WHERE message.id = :id
  AND message.state || '>' || CAST(:state AS text)
      = ANY (CASE WHEN message.attempt = :attempt THEN CAST(:moves AS text[]) ELSE CAST(:late_moves AS text[]) END)
RETURNING message.id
"""
