"""What a phone wrote, in every charset that Kannel hands it in."""

import pytest

from callcenter.core.errors import Invalid
from callcenter.sms.gateway import InboundText
from callcenter.sms.gateways.kannel.inbound import decoded, read_inbound
from callcenter.sms.inbound import Meaning, meaning


@pytest.mark.parametrize(
    ("raw", "charset", "coding", "text"),
    [
        ("１，马上到".encode(), "UTF-8", "0", "１，马上到"),
        ("１，马上到".encode(), "", "", "１，马上到"),
        ("１，马上到".encode(), "UTF-8", "2", "１，马上到"),  # recoded by mo-recode
        ("1 能去😀".encode("utf-16-be"), "UTF-16BE", "2", "1 能去😀"),
        ("1 能去".encode("utf-16-be"), "ucs-2", "", "1 能去"),
        ("1".encode("utf-16-be"), "", "2", "1"),
        ("能去".encode("utf-16-le"), "UTF-16LE", "2", "能去"),
        ("能去".encode("gbk"), "GB2312", "0", "能去"),
        ("能去".encode("big5"), "Big5", "0", "能去"),
        (b"\x00 f\x7fr \x1be5, \x1b<1\x1b>", "GSM", "0", "@ fàr €5, [1]"),
        ("für".encode(), "GSM", "0", "für"),
        (b"caf\xe9", "ISO-8859-1", "0", "café"),
        (b"\x80 5", "WINDOWS-1252", "0", "€ 5"),
        (b"caf\xe9", "8-BIT", "1", "café"),
        (b"caf\xe9", "", "1", "café"),
        (b"1", "UTF-16BE", "2", "1"),  # an odd length cannot be UTF-16
        (b"1", "punycode", "0", "1"),
        (b"1\xff", "UTF-8", "0", "1\ufffd"),
        (b"", "UTF-16BE", "2", ""),
    ],
)
def test_the_charset_is_honoured_and_else_the_coding(raw, charset, coding, text):
    assert decoded(raw, charset, coding) == text


def test_a_text_without_an_id_has_none():
    query = {"from": b"13900000001", "text": b"\x00\x31", "charset": b"UTF-16BE", "id": b""}
    assert read_inbound(query) == InboundText("13900000001", "1", None)


@pytest.mark.parametrize("sender", [{}, {"from": b" "}, {"from": b"\x00"}])
def test_words_without_a_sender_are_those_of_a_stranger(sender):
    assert read_inbound(sender | {"text": "妈妈摔倒了".encode()}) == InboundText(
        "unknown", "妈妈摔倒了"
    )
    with pytest.raises(Invalid):
        read_inbound(sender | {"text": b" "})


@pytest.mark.parametrize(
    ("header", "text"),
    [
        (b"\x05\x00\x03\x2a\x03\x02", "(2/3) 去"),
        (b"\x06\x08\x04\x01\x2a\x02\x02", "(2/2) 去"),
        (b"\x0b\x05\x04\x15\x81\x15\x81\x00\x03\x2a\x03\x01", "(1/3) 去"),
        (b"\x05\x00\x03\x2a\x01\x01", "去"),
        (b"\x05\x00\x03", "去"),
        (b"\xff\x00\x00\x00", "去"),
        (b"", "去"),
    ],
)
def test_a_piece_of_a_longer_text_says_that_it_is_one_and_is_no_answer(header, text):
    """Kannel hands in the pieces when one of them never came."""
    said = read_inbound({"from": b"13900000001", "text": "去".encode(), "udh": header})
    assert said.text == text
    assert (meaning(said.text).meaning is Meaning.YES) == (text == "去")
