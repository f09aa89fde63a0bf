"""What happened to a text after the gateway took it, as the gateway reports it: out of order, repeated, or never."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.sms import progress
from callcenter.sms.gateway import Evidence, Receipt
from callcenter.sms.models import SmsState

_NO_ATTEMPT = -1


async def apply(session: AsyncSession, receipt: Receipt, now: datetime) -> bool:
    """Moves the row forward if the receipt proves something new; a repeat changes nothing. True when the row changed."""
    if receipt.evidence is None:
        return False
    state = progress.OF_EVIDENCE[receipt.evidence]
    changed = await session.scalar(
        text(_APPLY),
        {
            "id": receipt.message_id,
            "attempt": _NO_ATTEMPT if receipt.attempt is None else receipt.attempt,
            "state": state.value,
            "error": receipt.code if state is SmsState.FAILED else None,
            "provider_id": receipt.provider_id,
            "look_again": receipt.evidence is Evidence.REFUSED,
            "moves": progress.RECEIPT_MOVES,
            "late_moves": progress.LATE_RECEIPT_MOVES,
            "now": now,
        },
    )
    return changed is not None


_APPLY = """
UPDATE sms_message AS message
SET state = :state,
    error = CAST(:error AS text),
    provider_id = coalesce(:provider_id, message.provider_id),
    submitted_at = coalesce(message.submitted_at, :now),
    settled_at = CASE WHEN :state IN ('delivered', 'failed') THEN CAST(:now AS timestamptz) END,
    lease_until = CASE WHEN :look_again THEN clock_timestamp()
                       WHEN :state IN ('delivered', 'failed') THEN NULL
                       ELSE clock_timestamp() + interval '1 minute'
                            + least(message.expires_at - CAST(:now AS timestamptz), message.expires_at - message.created_at) END,
    version = message.version + 1
WHERE message.id = :id
  AND message.state || '>' || CAST(:state AS text)
      = ANY (CASE WHEN message.attempt = :attempt THEN CAST(:moves AS text[]) ELSE CAST(:late_moves AS text[]) END)
RETURNING message.id
"""
