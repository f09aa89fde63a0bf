"""What Kannel's receipts say, also the odd ones."""

import contextlib
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from callcenter.core.errors import Invalid
from callcenter.sms.gateway import Evidence, Receipt
from callcenter.sms.gateways.kannel.receipts import evidence, read_receipt

ID = UUID("0197a5d2-0000-7000-8000-000000000001")
D, F, R, B, T = (
    Evidence.DELIVERED, Evidence.FAILED, Evidence.REFUSED, Evidence.BUFFERED, Evidence.TAKEN,
)  # fmt: skip


def read(**changes):
    return read_receipt({"id": str(ID), "attempt": "1", "type": "1"} | changes)


@pytest.mark.parametrize(
    ("mask", "proven"),
    [(1, D), (2, F), (34, F), (66, F), (98, F), (18, F), (4, B), (8, T), (16, R), (24, R), (80, R), (17, D),
     (12, B), (9, D), (65, D), (0, None), (32, None), (64, None)],
)  # fmt: skip
def test_the_type_is_a_mask_and_its_best_news_counts(mask, proven):
    assert evidence(mask) is proven


def test_a_receipt_says_which_attempt_and_what_the_network_said():
    assert read(
        attempt="2", type="16", fid="n1", answer="NACK/0x45/Submit\x00\n failed"
    ) == Receipt(ID, 2, R, "receipt_16 NACK/0x45/Submit failed", "n1")


@pytest.mark.parametrize(
    "attempt", ["", "x", "-1", "1.5", "2147483648", "9" * 30, "9" * 9_000, "١"]
)
def test_an_attempt_that_is_none_of_ours_still_lets_the_rest_be_read(attempt):
    receipt = read(attempt=attempt)
    assert (receipt.attempt, receipt.evidence, receipt.odd) == (None, D, ("attempt",))


def test_what_is_too_long_is_cut_and_flagged():
    receipt = read(answer="x" * 5_000, fid="y" * 5_000)
    assert len(receipt.code) < 250
    assert len(receipt.provider_id) == 200
    assert receipt.odd == ("answer", "fid")


@pytest.mark.parametrize("kind", ["-1", "65536", "9" * 5_000])
def test_a_type_out_of_bounds_proves_nothing(kind):
    receipt = read(type=kind)
    assert (receipt.evidence, receipt.code, receipt.odd) == (None, "receipt_odd", ("type",))


@pytest.mark.parametrize(
    ("kind", "status", "proven"),
    [("0", "DELIVRD", D), ("32", "delivrd", D), ("0", "UNDELIV", F), ("0", "EXPIRED", F), ("64", "DELETED", F), ("0", "REJECTD", R),
     ("0", "ACCEPTD", T), ("0", "ENROUTE", T), ("0", "UNKNOWN", None), ("0", "MA:0001", None), ("65536", "DELIVRD", D),
     ("2", "DELIVRD", F), ("1", "UNDELIV", D), ("8", "DELIVRD", T)],
)  # fmt: skip
def test_where_the_type_proves_nothing_the_words_of_the_network_count(kind, status, proven):
    said = f"id:0123 sub:001 dlvrd:001 submit date:2603141204 done date:2603141205 stat:{status} err:000 text:"
    assert read(type=kind, answer=said).evidence is proven


@pytest.mark.parametrize(
    "changes",
    [{"id": str(ID).upper()}, {"id": ID.hex}, {"id": f"{{{ID}}}"}, {"type": "01"}, {"type": " 1 "}, {"answer": "stat:"}, {"answer": "stat:" * 50},
     {"fid": ""}, {"smsc": "B"}, {"extra": "x"}],
)  # fmt: skip
def test_a_receipt_may_be_written_in_other_forms(changes):
    receipt = read(**changes)
    assert (receipt.message_id, receipt.attempt, receipt.evidence) == (ID, 1, D)


@pytest.mark.parametrize("changes", [{"id": "1"}, {"id": ""}, {"type": "x"}, {"type": ""}])
def test_without_a_text_or_a_type_it_is_no_receipt(changes):
    with pytest.raises(Invalid):
        read(**changes)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # cores are shared
@given(st.dictionaries(st.sampled_from(["id", "attempt", "type", "fid", "answer"]), st.text()))
def test_nothing_but_invalid_is_ever_raised(query):
    with contextlib.suppress(Invalid):
        assert len(read_receipt({"id": str(ID)} | query).code) < 250
