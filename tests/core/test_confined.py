"""Work that crashes, grows, hangs or babbles is ended alone, and says why."""

import os
import sys
import tempfile

import pytest

from callcenter.core.confined import Confines, OutOfBounds, confined

HERE = __name__
TIGHT = Confines(memory_mb=256, cpu_s=1, patience_s=20.0, answer_mb=1)


def shout(content: bytes) -> bytes:
    return content.upper()


def grow(_content: bytes) -> bytes:
    return bytes(1 << 30)


def toil(_content: bytes) -> bytes:
    while True:
        pass


def hang(_content: bytes) -> bytes:
    sys.stdin.buffer.raw.read()
    os.read(os.pipe()[0], 1)
    return b""


def babble(_content: bytes) -> bytes:
    return b"x" * (2 << 20)


def crash(_content: bytes) -> bytes:
    os.abort()


def reach_out(_content: bytes) -> bytes:
    told = [name for name in os.environ if name.startswith("CALLCENTER")]
    try:
        with tempfile.TemporaryFile() as file:
            file.write(b"x")
    except OSError:
        told.append("writes nothing")
    return ",".join(told).encode()


async def test_the_answer_comes_back():
    assert await confined(f"{HERE}:shout", b"hello" * 100_000, TIGHT) == b"HELLO" * 100_000


@pytest.mark.parametrize(
    ("work", "reason"),
    [("grow", "memory"), ("toil", "time"), ("babble", "answer"), ("crash", "memory")],
)
async def test_what_goes_beyond_its_limits_is_ended(work, reason):
    with pytest.raises(OutOfBounds) as caught:
        await confined(f"{HERE}:{work}", b"", TIGHT)
    assert caught.value.params["reason"] == reason


async def test_what_never_ends_without_working_is_ended_too():
    with pytest.raises(OutOfBounds) as caught:
        await confined(f"{HERE}:hang", b"", Confines(patience_s=1.0))
    assert caught.value.params["reason"] == "time"


async def test_it_writes_no_file_and_knows_no_secret(monkeypatch):
    monkeypatch.setenv("CALLCENTER_METRICS_TOKEN", "secret")
    assert await confined(f"{HERE}:reach_out", b"", TIGHT) == b"writes nothing"
