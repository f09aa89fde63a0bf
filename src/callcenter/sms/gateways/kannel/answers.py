"""What an answer of sendsms proves (measured on 1.4.5). Pure."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from callcenter.sms.gateway import Outcome, SendResult


def read_answer(status: int, body: str) -> SendResult:
    said = body.strip()
    if status == HTTPStatus.ACCEPTED and said.startswith("3:"):
        return SendResult(Outcome.BUFFERED, "no_link")
    if status == HTTPStatus.FORBIDDEN and "authorization" in said.lower():
        # The status is the one of "Not routable"; only the body tells them apart.
        return SendResult(Outcome.REFUSED, "authorization")
    if status in _ANSWERS:
        return _ANSWERS[status]
    if status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return SendResult(Outcome.REFUSED, f"unexpected_answer_{status}")
    return SendResult(Outcome.UNKNOWN, f"gateway_error_{status}")


_ANSWERS: Final = {
    202: SendResult(Outcome.SUBMITTED),
    400: SendResult(Outcome.REJECTED, "rejected"),
    403: SendResult(Outcome.REFUSED, "not_routable"),
    503: SendResult(Outcome.REFUSED, "queue_full"),
}
