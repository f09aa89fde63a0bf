"""The TCP listener on real sockets."""

from __future__ import annotations

import asyncio
import random
import socket

import pytest
from structlog.testing import capture_logs

from callcenter.devices.protocols.dc09.frame import wrap
from callcenter.devices.signals import Kind
from tests.support.receiver import LIMITS, PLACES, Receiver
from tests.support.waiting import until


def press(seq: int, data: bytes = b"#1234|NQA7") -> bytes:
    return wrap(b'"SIA-DCS"%04dL0#1234[' % seq + data + b"]")


def ack(seq: int) -> bytes:
    return wrap(b'"ACK"%04dL0#1234[]' % seq)


async def reached(receiver: Receiver, commits: int) -> None:
    await until(lambda: len(receiver.intake.held) >= commits, f"{commits} frames at intake")


POLL = wrap(b'"NULL"0000R1L0#1234[]')


async def test_a_press_is_stored_and_then_acknowledged(receiver: Receiver):
    reader, writer = await receiver.connect()
    writer.write(press(1))
    assert await reader.readuntil(b"\r") == ack(1)
    assert [s.kind for s in receiver.intake.stored] == [Kind.SOS]
    writer.close()


async def test_a_press_without_its_carriage_return_is_answered_at_once(receiver: Receiver):
    reader, writer = await receiver.connect()
    writer.write(press(1)[:-1])
    assert await reader.readuntil(b"\r") == ack(1)
    writer.close()


@pytest.mark.parametrize("end", ["eof", "gone"])
async def test_a_press_that_only_its_end_shows_to_be_whole_is_kept(receiver: Receiver, end: str):
    without_end = press(1)[:-1].replace(b"0020", b"0032")  # the length as a decimal number
    assert without_end != press(1)[:-1]
    reader, writer = await receiver.connect()
    writer.write(without_end)
    if end == "eof":
        writer.write_eof()
        assert await reader.readuntil(b"\r") == ack(1)
    writer.close()
    await until(lambda: receiver.intake.stored, "the press at intake")
    assert receiver.intake.stored[0].kind is Kind.SOS
    assert receiver.intake.undecodable == []


async def test_a_held_back_commit_lets_no_acknowledgement_out(receiver: Receiver):
    receiver.intake.holding = True
    reader, writer = await receiver.connect()
    writer.write(press(1))
    await until(lambda: receiver.intake.held, "the press to reach intake")
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(reader.read(1), 0.2)
    receiver.intake.held[0].release.set()
    assert await reader.readuntil(b"\r") == ack(1)
    writer.close()


async def test_acknowledgements_keep_their_order_when_commits_do_not(receiver: Receiver):
    receiver.intake.holding = True
    reader, writer = await receiver.connect()
    writer.write(press(1) + press(2) + press(3))
    await until(lambda: len(receiver.intake.held) == 3, "three presses to reach intake")
    for commit in reversed(receiver.intake.held):
        commit.release.set()
    assert await reader.readexactly(3 * len(ack(1))) == ack(1) + ack(2) + ack(3)
    assert [s.extra["seq"] for s in receiver.intake.stored] == ["0003", "0002", "0001"]
    writer.close()


async def test_a_store_that_is_away_is_answered_with_silence_and_the_repeat_is_stored(
    receiver: Receiver,
):
    receiver.intake.store_is_away = True
    reader, writer = await receiver.connect()
    writer.write(press(1))
    await until(lambda: receiver.intake.refused, "the press to be refused")
    receiver.intake.store_is_away = False
    writer.write(press(1))
    assert await reader.readuntil(b"\r") == ack(1)
    assert len(receiver.intake.stored) == 1
    writer.close()


async def test_a_fault_with_one_frame_holds_back_no_other(receiver: Receiver):
    receiver.intake.broken = True
    reader, writer = await receiver.connect()
    writer.write(press(1) + POLL)
    assert await reader.readuntil(b"\r") == wrap(b'"ACK"0000R1L0#1234[]')
    receiver.intake.broken = False
    writer.write(press(2))
    assert await reader.readuntil(b"\r") == ack(2)
    writer.close()


async def test_torn_and_joined_frames(receiver: Receiver):
    reader, writer = await receiver.connect()
    stream = press(1) + b"\0\0" + press(2) + POLL + press(3)
    for at in range(0, len(stream), 7):
        writer.write(stream[at : at + 7])
        await writer.drain()
        await asyncio.sleep(0)
    await until(lambda: len(receiver.intake.stored) == 3, "three presses")
    for expected in (ack(1), ack(2), wrap(b'"ACK"0000R1L0#1234[]'), ack(3)):
        assert await reader.readuntil(b"\r") == expected
    writer.close()


async def test_one_broken_frame_between_two_good_ones(receiver: Receiver):
    reader, writer = await receiver.connect()
    broken = press(2).replace(b"QA7", b"QA8")
    writer.write(press(1) + broken + press(3))
    assert await reader.readexactly(2 * len(ack(1))) == ack(1) + ack(3)
    (kept,) = receiver.intake.undecodable
    assert kept == (broken, None, "the CRC is wrong (from 127.0.0.1)")
    writer.close()


async def test_life_signs_are_counted_not_stored(receiver: Receiver):
    reader, writer = await receiver.connect()
    writer.write(POLL * 3)
    await reader.readexactly(3 * len(wrap(b'"ACK"0000R1L0#1234[]')))
    assert receiver.intake.alive == {"1234": 3}
    assert receiver.intake.stored == []
    writer.close()


async def test_rubbish_beyond_the_cap_is_only_counted(receiver: Receiver):
    reader, writer = await receiver.connect()
    writer.write(b"\nrubbish rubbish\r" * 500 + press(1))
    assert await reader.readuntil(b"\r") == ack(1)
    assert 5 <= len(receiver.intake.undecodable) <= 10  # the minute may have turned
    writer.close()


async def test_random_bytes_harm_nobody(receiver: Receiver):
    rng = random.Random(9)
    noisy = [await receiver.connect() for _ in range(2)]
    for _ in range(50):
        for _, writer in noisy:
            writer.write(rng.randbytes(rng.randint(1, 3000)))
    reader, writer = await receiver.connect()
    writer.write(press(1))
    assert await reader.readuntil(b"\r") == ack(1)
    for _, other in [*noisy, (reader, writer)]:
        other.close()


async def test_a_connection_that_ends_within_a_frame_is_kept_as_undecodable(receiver: Receiver):
    _, writer = await receiver.connect()
    writer.write(press(1)[:-3])
    writer.close()
    await until(lambda: receiver.intake.undecodable, "the torn frame")
    raw, _, reason = receiver.intake.undecodable[0]
    assert raw == press(1)[:-3]
    assert reason.startswith("it ended within a frame")


async def test_a_dialler_that_closes_its_side_still_gets_its_answer(receiver: Receiver):
    receiver.intake.holding = True
    reader, writer = await receiver.connect()
    writer.write(press(1))
    writer.write_eof()
    await until(lambda: receiver.intake.held, "the press to reach intake")
    receiver.intake.held[0].release.set()
    assert await reader.read() == ack(1)
    writer.close()


async def test_a_press_is_stored_though_its_connection_is_gone(receiver: Receiver):
    receiver.intake.holding = True
    _, writer = await receiver.connect()
    writer.write(press(1))
    await until(lambda: receiver.intake.held, "the press to reach intake")
    writer.transport.abort()
    receiver.intake.held[0].release.set()
    await until(lambda: receiver.intake.stored, "the press to be stored")


async def test_one_connection_has_a_bounded_number_of_frames_under_way(receiver: Receiver):
    receiver.intake.holding = True
    reader, writer = await receiver.connect()
    writer.write(b"".join(press(n) for n in range(1, 21)))
    await until(lambda: len(receiver.intake.held) == LIMITS.frames_in_flight, "a full connection")
    for number in range(20):
        await reached(receiver, number + 1)
        assert len(receiver.intake.held) - number <= LIMITS.frames_in_flight
        receiver.intake.held[number].release.set()
    for n in range(1, 21):
        assert await reader.readuntil(b"\r") == ack(n)
    writer.close()


async def test_a_dialler_that_never_reads_is_no_longer_read(receiver: Receiver):
    deaf = socket.create_connection(("127.0.0.1", receiver.tcp_port))
    deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
    deaf.setblocking(False)
    sent = 0
    loop = asyncio.get_running_loop()
    flood = POLL * 1000
    with pytest.raises(TimeoutError):
        while sent < 50_000_000:
            await asyncio.wait_for(loop.sock_sendall(deaf, flood), 1.0)
            sent += len(flood)
    reader, writer = await receiver.connect()
    writer.write(press(1))
    assert await reader.readuntil(b"\r") == ack(1)
    writer.close()
    deaf.close()


async def test_a_full_listener_gives_up_the_one_silent_for_longest(receiver: Receiver):
    silent, *others = [await receiver.connect() for _ in range(PLACES)]
    for reader, writer in others:
        writer.write(POLL)
        await reader.readuntil(b"\r")
    reader, writer = await receiver.connect()
    writer.write(press(1))
    assert await reader.readuntil(b"\r") == ack(1)
    assert await silent[0].read() == b""
    for _, other in [silent, *others, (reader, writer)]:
        other.close()


async def test_line_feeds_at_full_speed_keep_nobody_waiting(receiver: Receiver):
    _, flood = await receiver.connect()
    flood.write(b"\n" * 20_000_000)
    reader, writer = await receiver.connect()
    for number in range(1, 6):
        writer.write(press(number))
        async with asyncio.timeout(2):
            assert await reader.readuntil(b"\r") == ack(number)
    flood.transport.abort()
    writer.close()


async def test_an_sos_is_not_queued_behind_the_life_signs_of_others(receiver: Receiver):
    noisy = [await receiver.connect() for _ in range(2)]
    for _, writer in noisy:
        writer.write(POLL * 50_000)
    reader, writer = await receiver.connect()
    writer.write(press(1))
    assert await reader.readuntil(b"\r") == ack(1)
    assert receiver.intake.alive["1234"] < 100_000
    for _, other in [*noisy, (reader, writer)]:
        other.transport.abort()


async def test_an_sos_behind_life_signs_of_its_own_line_reaches_intake_while_those_wait(
    receiver: Receiver,
):
    receiver.intake.holding = True
    reader, writer = await receiver.connect()
    writer.write(press(1) + POLL * 20 + press(2))
    await reached(receiver, 2)
    assert receiver.intake.alive == {"1234": 20}
    for commit in receiver.intake.held:
        commit.release.set()
    expected = ack(1) + wrap(b'"ACK"0000R1L0#1234[]') * 20 + ack(2)
    assert await reader.readexactly(len(expected)) == expected
    writer.close()


async def test_life_signs_behind_an_sos_that_is_being_stored_are_bounded(receiver: Receiver):
    receiver.intake.holding = True
    reader, writer = await receiver.connect()
    writer.write(press(1))
    await reached(receiver, 1)
    writer.write(POLL * 5000)
    held_back = LIMITS.replies_held_back
    await until(lambda: receiver.intake.alive["1234"] >= held_back, "life signs to be read")
    for _ in range(20):
        await asyncio.sleep(0)
    assert receiver.intake.alive["1234"] <= held_back + 1024 // len(POLL) + 1
    receiver.intake.held[0].release.set()
    expected = ack(1) + wrap(b'"ACK"0000R1L0#1234[]') * 5000
    assert await reader.readexactly(len(expected)) == expected
    writer.close()


async def test_frames_of_all_connections_are_bounded_and_all_have_their_turn(receiver: Receiver):
    receiver.intake.holding = True
    connections = [await receiver.connect() for _ in range(3)]
    with capture_logs() as told:
        for number, (_, writer) in enumerate(connections):
            writer.write(b"".join(press(10 * number + n) for n in range(4)))
        await reached(receiver, LIMITS.frames_in_all)
        for _ in range(20):
            await asyncio.sleep(0)
    assert [line["limit"] for line in told] == ["devices.frames_at_once"]
    assert len(receiver.intake.held) == LIMITS.frames_in_all
    for number in range(12):
        await reached(receiver, number + 1)
        receiver.intake.held[number].release.set()
    for number, (reader, writer) in enumerate(connections):
        for n in range(4):
            assert await reader.readuntil(b"\r") == ack(10 * number + n)
        writer.close()


async def test_stopping_waits_for_what_is_being_stored(receiver: Receiver):
    receiver.intake.holding = True
    reader, writer = await receiver.connect()
    writer.write(press(1))
    await until(lambda: receiver.intake.held, "the press to reach intake")
    stopping = asyncio.create_task(receiver.tcp.stop())
    await asyncio.sleep(0)
    receiver.intake.held[0].release.set()
    await stopping
    assert await reader.read() == ack(1)
    writer.close()
