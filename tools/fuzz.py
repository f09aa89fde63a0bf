"""Throws mutated messages at every reader of what strangers send, and says what that did.

    python tools/fuzz.py [inputs] [seed]

No input may raise, take longer than 50 ms of processor time, or make the readers grow; and an SOS of which only an optional part
was changed still rings. `make fuzz` gives each reader a million, or as many as ten minutes hold, and says every ten seconds how far
it is. An input that is not done within a minute ends everything, with where it is stuck: start again from its seed and number.
"""

from __future__ import annotations

import faulthandler
import io
import json
import random
import re
import resource
import sys
import time
import zipfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

import xlsxwriter

from callcenter.core.errors import Invalid
from callcenter.devices.codec import DeviceKey, Request, SenderKey
from callcenter.devices.protocols.dc09 import Dc09Codec
from callcenter.devices.protocols.dc09.crypto import format_stamp, seal
from callcenter.devices.protocols.dc09.frame import crc16, wrap
from callcenter.devices.protocols.http_json import HttpJsonCodec, read as read_json, signature
from callcenter.devices.signals import CLASS_OF, Signal, SignalClass
from callcenter.directory.reading import read_table
from callcenter.listeners.http_reading import (
    HeadTooLarge,
    Malformed,
    drop_blank_lines,
    method_of,
    take_head,
    target_of,
)
from callcenter.sms.gateways.kannel.inbound import read_inbound
from callcenter.sms.gateways.kannel.receipts import read_receipt

NOW = datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)
LONGEST_S = 0.05
WITHIN_S = 600.0
STUCK_S = 60
TOLD_EVERY_S = 10.0
WARM_UP = 0.1
"""Part of the inputs, or of the time, after which memory must not grow any more."""
GROWTH_KB = 8 * 1024

KEYS = {"1234": DeviceKey(bytes(range(16)))}
SECRET = b"a secret"
SENDERS = {"phones": SenderKey(key_id="phones", secret=SECRET)}

BODIES = (
    b'"SIA-DCS"0001L0#A101[#A101|Nri1/QA7^Kitchen^|A1][X104E00.06][Y40N00.06][H04:12:01,11-22-2026]_04:12:30,11-22-2026',
    b'"ADM-CID"0227R4F39L4F39#4F39[#4F39|3401 01 057]',
    b'"ADM-CID"0001L#A101[#A101|1001181101000011|1101 00 007]',
    b'"NULL"0000R1L0#1234[]_09:26:53,03-14-2026',
    b'"*SIA-DCS"0007L0#1234['
    + seal(b"#1234|NQA]_" + format_stamp(NOW), KEYS["1234"].secret, lambda n: b"p" * n),
)
DOCUMENTS = (
    b'{"id": "0198", "device": "860000000000017", "kind": "sos", "occurred_at": "2026-03-14T04:12:07Z"}',
    b'{"id": 7, "device": "EP-1", "kind": "fall", "lat": 40.0, "lon": 104.0, "datum": "gcj02", "extra": {"a": [1, {"b": null}]}}',
    '{"id": "1", "device": "EP-1", "kind": "sos", "text": "厨房"}'.encode(),
    b'[{"device": "a", "kind": "sos"}, {"device": "b", "kind": ["test"]}]',
)
PIECES = (
    b"\n",
    b"\r",
    b"\0",
    b'"',
    b"[",
    b"]",
    b"|",
    b"#",
    b"{",
    b"}",
    b"\\",
    b":",
    b",",
    b"9" * 30,
    b"[" * 40,
    b"\xff\xfe",
    b"_",
    b"^",
)


def mutated(chance: random.Random, seed: bytes) -> bytes:
    """One to five changes: a byte, a piece put in, cut out, doubled, or turned round."""
    data = bytearray(seed)
    for _ in range(chance.randint(1, 5)):
        at = chance.randrange(len(data) + 1)
        to = min(len(data), at + chance.randint(0, 20))
        match chance.randrange(6):
            case 0:
                data[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                data[at:at] = chance.choice(PIECES)
            case 2:
                del data[at:to]
            case 3:
                data[at:at] = data[at:to]
            case 4:
                data[at:to] = data[at:to][::-1]
            case _:
                data[at:at] = chance.randbytes(chance.randint(1, 8))
    return bytes(data)


def dc09(chance: random.Random) -> None:
    """A stream of frames, most with a right CRC, in pieces, and each settled."""
    body = mutated(chance, chance.choice(BODIES))
    frame = wrap(body, binary_crc=chance.random() < 0.1)
    stream = frame if chance.random() < 0.7 else mutated(chance, frame)
    codec = Dc09Codec()
    cut = chance.randrange(len(stream) + 1)
    frames = codec.receive(stream[:cut], NOW, KEYS) + codec.receive(stream[cut:], NOW, KEYS)
    for each in frames + codec.finish(NOW, KEYS):
        answer = (
            codec.refuse(each.token, each.error.refusal) if each.error else codec.commit(each.token)
        )
        assert not answer or len(answer) < 300  # noqa: S101 an answer is short, whatever was asked
    is_whole = b"\r" not in body and b"\n" not in body and body.startswith(b'"')
    if stream is frame and is_whole and crc16(body) and len(frame) < 4000:
        assert frames, stream  # noqa: S101 a right CRC is heard


class Json:
    """The codec of requests, which lives as long as the server."""

    def __init__(self) -> None:
        self._codec = HttpJsonCodec()

    def __call__(self, chance: random.Random) -> None:
        body = mutated(chance, chance.choice(DOCUMENTS))
        headers = {b"x-timestamp": b"1773480413", b"x-key-id": b"phones"}
        headers[b"x-signature"] = signature(SECRET, "1773480413", body).encode()
        frame = self._codec.receive(Request(headers, body), NOW, SENDERS)
        if frame.error is not None:
            self._codec.refuse(frame.token, frame.error.refusal)
        else:
            self._codec.commit(frame.token, [Settled()] * len(frame.signals))


# ---- an SOS of which an optional part is changed

FREE = (b"", b"Kitchen", "厨房".encode(), b"104E00.06", b"04:12:01,11-22-2026", b"1", b"0")
"""What stands in an optional part before it is changed."""


def rings(signals: Sequence[Signal], who: str, what: object) -> None:
    """Raises AssertionError unless one of them is an alarm of this device."""
    heard = [s for s in signals if CLASS_OF[s.kind] is SignalClass.ALARM]
    assert any(who in (s.identifier, *s.also) for s in heard), what  # noqa: S101 that is what is tried


def optional_dc09(chance: random.Random) -> None:
    """Sequence, receiver, line, a text, extended data and a time are whatever they are."""

    def part(without: bytes) -> bytes:
        return mutated(chance, chance.choice(FREE)).translate(None, without)

    seq, line = part(b'[]"#|({<\r\n')[:8], part(b'[]"#|({<\r\n')[:8]
    text, block, tail = part(b"[]|^"), part(b"[]"), part(b"[]")
    body = (
        b'"SIA-DCS"'
        + seq
        + b"L"
        + line
        + b"#A101[#A101|NQA1^"
        + text
        + b"^][I"
        + block
        + b"]_"
        + tail
    )
    codec = Dc09Codec()
    frames = codec.receive(wrap(body), NOW, {}) + codec.finish(NOW, {})
    rings([signal for frame in frames for signal in frame.signals], "A101", body)


def optional_json(chance: random.Random) -> None:
    """Every field but device and kind is whatever it is, and stands wherever it likes."""
    fields = {
        "id": 1,
        "occurred_at": "2026-03-14T04:12:07Z",
        "lat": 40.0,
        "lon": 104.0,
        "datum": "gcj02",
    }
    fields |= {"text": "x", "extra": {"a": [1, None]}}
    changed = chance.sample(sorted(fields), chance.randint(1, 3))
    values = {name: json.dumps(value).encode() for name, value in fields.items()}
    for name in changed:
        values[name] = mutated(chance, values[name]).translate(None, b"\"\\{}[]'")
        values[name] = b'"' + values[name] + b'"' if chance.random() < 0.5 else values[name]
    pairs = [b'"%s": %s' % (name.encode(), value) for name, value in values.items()]
    pairs += [b'"device": "EP-1"', b'"kind": "sos"']
    chance.shuffle(pairs)
    body = b"{" + b", ".join(pairs) + b"}"
    rings([reading.signal for reading in read_json(body, NOW)], "EP-1", body)


# ---- what else strangers reach

HEADS = (
    b"POST /ingest/v1/signals HTTP/1.1\r\nHost: x\r\nContent-Length: 20\r\n\r\n" + b"{" * 20,
    b"POST /ingest/v1/signals HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n0\r\nT: x\r\n\r\n",
    b"PUT /ingest/ HTTP/1.0\nAuthorization: Bearer x\n\n{}",
    b"\r\n\r\nGET http://x/api/v1/me?q=%20 HTTP/1.1\r\nConnection: keep-alive\r\nExpect: 100-continue\r\n\r\n",
)


def http(chance: random.Random) -> None:
    """A stream of requests in pieces, each cut out as far as it goes."""
    stream = b"".join(mutated(chance, chance.choice(HEADS)) for _ in range(chance.randint(1, 3)))
    buffer, body = bytearray(), None
    with suppress(Malformed, HeadTooLarge):
        for at in range(0, len(stream), step := chance.randint(1, len(stream) or 1)):
            buffer += stream[at : at + step]
            while buffer:
                before = len(buffer)
                if body is None:
                    drop_blank_lines(buffer)
                    if not target_of(buffer) or not method_of(buffer):
                        break
                    head = take_head(buffer)
                    body = head.body if head else None
                elif body.take(buffer):
                    body = None
                if len(buffer) == before:
                    break


QUERIES: Sequence[Mapping[str, bytes]] = (
    {
        "from": b"+8613900000001",
        "text": "能去".encode(),
        "charset": b"UTF-8",
        "coding": b"2",
        "id": b"7",
    },
    {"from": b"10086", "text": "不能".encode("utf-16-be"), "charset": b"UTF-16BE", "coding": b"2"},
    {
        "id": b"0198c5b2-7c3e-7a10-9f4e-3d2b1a0c9e8f",
        "type": b"34",
        "attempt": b"1",
        "answer": b"NACK/5",
        "fid": b"9",
    },
)


def kannel(chance: random.Random) -> None:
    """Answers of phones and receipts, as Kannel hands them in."""
    query = {name: mutated(chance, value) for name, value in chance.choice(QUERIES).items()}
    with suppress(Invalid):
        read_inbound(query)
    with suppress(Invalid):
        read_receipt({name: value.decode("utf-8", "replace") for name, value in query.items()})


ROWS = (("姓名", "电话", "住址"), ("张三", "13901000137", "1号楼101"), ("李四", "8.6E+14", "同上"))
_FAR = re.compile(rb'[A-Z]{3,}\d+"|\d{5,}"|repeated="\d{4,}')
"""Cells far outside: what they cost is the affair of the process that is bound for it, and of its own tests."""


def _csv() -> bytes:
    return "\n".join(",".join(row) for row in ROWS).encode()


def _xlsx() -> bytes:
    written = io.BytesIO()
    with xlsxwriter.Workbook(written) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(ROWS):
            sheet.write_row(number, 0, row)
    return written.getvalue()


def _ods() -> bytes:
    cells = "".join(
        f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in ROWS
    )
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    content = (
        f"<office:document-content {spaces}><office:body><office:spreadsheet>"
        f'<table:table table:name="a">{cells}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>'
    )
    return _zipped(
        {
            "mimetype": kind.encode(),
            "META-INF/manifest.xml": manifest.encode(),
            "content.xml": content.encode(),
        }
    )


def _ods_cell(text: str) -> str:
    value = f"<text:p>{text}</text:p>"
    return f'<table:table-cell office:value-type="string">{value}</table:table-cell>'


def _zipped(parts: Mapping[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return written.getvalue()


def _parts(book: bytes) -> Mapping[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


class Sheets:
    """Registers of residents: the text of a file, a part of a workbook, or the bytes of the whole."""

    def __init__(self) -> None:
        self._csv = _csv()
        self._books = [_parts(_xlsx()), _parts(_ods())]

    def __call__(self, chance: random.Random) -> None:
        if chance.random() < 0.5:
            content = mutated(chance, self._csv)
        else:
            parts = dict(chance.choice(self._books))
            name = chance.choice(sorted(parts))
            parts[name] = mutated(chance, parts[name])
            if _FAR.search(parts[name]):
                return
            content = _zipped(parts)
            content = mutated(chance, content) if chance.random() < 0.2 else content
        with suppress(Invalid):
            read_table(content)


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a signal."""

    journal_id: str = "j"
    outcome: str = "opened"
    incident_id: str = "i"
    number: int = 1


@dataclass(frozen=True, slots=True)
class Figures:
    """What many inputs did to a reader."""

    inputs: int
    seconds: float
    slowest_ms: float
    grown_kb: int


def fuzz(
    read: Callable[[random.Random], None],
    inputs: int,
    seed: int,
    within_s: float = WITHIN_S,
    tell: Callable[[int, float], None] = lambda _inputs, _seconds: None,
) -> Figures:
    """At most so many inputs, for at most so long (s). `tell` hears of each how many there were and for how long. Whatever the
    reader raises comes through, with the input's number in a note.
    """
    chance = random.Random(seed)  # noqa: S311 the same inputs for the same seed
    slowest, begun, before_kb = 0.0, time.monotonic(), 0
    number = 0
    for number in range(1, inputs + 1):
        spent = time.monotonic() - begun
        if spent > within_s:
            break
        tell(number, spent)
        started = time.thread_time()
        if not before_kb and (number > inputs * WARM_UP or spent > within_s * WARM_UP):
            before_kb = _memory_kb()
        try:
            read(chance)
        except Exception as error:
            error.add_note(f"input {number} of seed {seed}")
            raise
        slowest = max(slowest, time.thread_time() - started)
    grown_kb = _memory_kb() - before_kb if before_kb else 0
    return Figures(number, time.monotonic() - begun, slowest * 1000, grown_kb)


def _memory_kb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


READERS: Mapping[str, Callable[[], Callable[[random.Random], None]]] = {
    "dc09": lambda: dc09,
    "dc09, optional parts": lambda: optional_dc09,
    "http_json": Json,
    "http_json, optional parts": lambda: optional_json,
    "http": lambda: http,
    "kannel": lambda: kannel,
    "spreadsheets": Sheets,
}


class Told:
    """Says how far a reader is, and watches that no input is stuck."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._watched = self._said = 0.0
        faulthandler.dump_traceback_later(STUCK_S, exit=True, file=sys.__stderr__)

    def __call__(self, inputs: int, seconds: float) -> None:
        if seconds - self._watched > 1:
            self._watched = seconds
            faulthandler.dump_traceback_later(STUCK_S, exit=True, file=sys.__stderr__)
        if seconds - self._said > TOLD_EVERY_S:
            self._said = seconds
            sys.stdout.write(f"{self._name}: {inputs} inputs, {seconds:.0f} s\n")
            sys.stdout.flush()


def main(arguments: Sequence[str]) -> int:
    """Prints the figures of each reader; 1 when one was too slow or grew."""
    inputs = int(arguments[0]) if arguments else 1_000_000
    seed = int(arguments[1]) if len(arguments) > 1 else 20260314
    bad = 0
    for name, make in READERS.items():
        found = fuzz(make(), inputs, seed, tell=Told(name))
        sys.stdout.write(
            f"{name}: {found.inputs} inputs in {found.seconds:.0f} s, slowest {found.slowest_ms:.1f} ms,"
            f" memory +{found.grown_kb} KB\n"
        )
        sys.stdout.flush()
        bad += found.slowest_ms > LONGEST_S * 1000 or found.grown_kb > GROWTH_KB
    faulthandler.cancel_dump_traceback_later()
    return min(bad, 1)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
