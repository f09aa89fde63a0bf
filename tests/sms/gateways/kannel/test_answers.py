"""What each answer of sendsms proves."""

import pytest

from callcenter.sms.gateway import Outcome, SendResult
from callcenter.sms.gateways.kannel.answers import read_answer


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (202, "0: Accepted for delivery\n", SendResult(Outcome.SUBMITTED)),
        (202, "3: Queued for later delivery", SendResult(Outcome.BUFFERED, "no_link")),
        (503, "Temporal failure, try again later.", SendResult(Outcome.REFUSED, "queue_full")),
        (403, "Not routable. Do not try again.", SendResult(Outcome.REFUSED, "not_routable")),
        (403, "Authorization failed for sendsms", SendResult(Outcome.REFUSED, "authorization")),
        (400, "Missing receiver number, rejected", SendResult(Outcome.REJECTED, "rejected")),
        (404, "", SendResult(Outcome.REFUSED, "unexpected_answer_404")),
        (302, "", SendResult(Outcome.REFUSED, "unexpected_answer_302")),
        (500, "", SendResult(Outcome.UNKNOWN, "gateway_error_500")),
        (504, "", SendResult(Outcome.UNKNOWN, "gateway_error_504")),
    ],
)
def test_what_each_answer_proves(status, body, expected):
    assert read_answer(status, body) == expected
