#!/usr/bin/env python3
"""Writes tests/fuzz/corpus/wire: a body of every type of frame of the data plane (docs/formats/wire.md), and evil ones.

An input is 1, a type minus one, and a body; or 0 and a connection's bytes (wire_frame_fuzz.cpp).
"""
import pathlib

CORPUS = pathlib.Path(__file__).parent / "corpus/wire"


def number(n: int) -> bytes:
    out = b""
    while n >= 0x80:
        out += bytes([n & 0x7F | 0x80])
        n >>= 7
    return out + bytes([n])


def integer(n: int) -> bytes:
    return number(((n << 1) ^ (n >> 63)) & (2**64 - 1))


def text(s: str) -> bytes:
    return number(len(s.encode())) + s.encode()


def fixed(n: int, size: int) -> bytes:
    return (n % 2 ** (8 * size)).to_bytes(size, "little")


JOB = text("job") + integer(7)
BARRIER = integer(7) + integer(3) + b"\x07" + text("t") + text("job") + integer(7) + integer(2) + number(1) + text("in") + integer(9)
WHOLE = number(1) + integer(0) + number(0)  # channel, epoch, rows that are whole values


def rows(*values: bytes) -> bytes:
    return WHOLE + fixed(len(values), 4) + b"".join(values)


DEEP = b"\x0c\x01" * 600 + b"\x00"
BODIES = [
    (1, text("t") + text("a") + text("b") + text("token")), (2, text("a")), (3, b"\x08" + text("gone")), (4, b""),
    (5, number(0) + number(2) + text("a") + text("ns/b") + number(0) + number(1) + number(2) + b"\x00\x00\x01" + text("k")),
    (5, number(0) + number(1) + text("a") + number(0) + number(1) + number(2) + b"\x00\x00\x00\x00"),
    (5, number(0) + number(2**60)), (5, number(1) + number(0)),
    (6, number(1) + JOB + text("in") + integer(0) + text("out") + integer(1)), (6, number(2**32) + JOB),
    (7, number(1) + number(1024) + number(2**22)), (9, number(1) + BARRIER), (10, number(1) + number(2**64 - 1) + number(0)),
    (11, number(1)), (12, number(1) + b"\x03" + text("stale")), (12, number(1) + b"\x63" + text("no such code")),
    (13, JOB + text("in") + integer(0) + integer(3) + b"\x07"), (13, JOB + text("in") + integer(-1) + integer(3) + b"\x00"),
    (14, JOB + BARRIER), (15, JOB + integer(3)),
    (8, rows(b"\x00", b"\x01", b"\x02", b"\x20\xff", b"\x27" + fixed(-2**63, 8), b"\x03" + fixed(0x7FF8 << 48, 8))),
    (8, rows(b"\x04" + fixed(0x1F600, 4), b"\x05" + fixed(-1, 8), b"\x06\x00" + text("ns/k"), b"\x07\x00" + text("+"))),
    (8, rows(b"\x08" + text("x" * 70), b"\x43abc", b"\x09" + fixed(1, 8) + fixed(3, 8), b"\x0a" + bytes(range(16)))),
    (8, rows(b"\x0b\x02\x00\x00", b"\x0c\x01\x20\x05", b"\x0d\x01\x40\x00", b"\x0e\x01\x02", b"\x10\x00" + text("t") + b"\x00")),
    (8, rows(b"\x0d\x02\x20\x01\x00\x20\x01\x00")), (8, rows(b"\x0e\x02\x00\x00")), (8, rows(b"\x09" + fixed(2, 8) + fixed(4, 8))),
    (8, rows(b"\x04" + fixed(0xD800, 4))), (8, rows(DEEP)), (8, rows(b"\x0c" + number(2**62))), (8, rows(b"\x06\x09")),
    (8, WHOLE + fixed(2**32 - 1, 4) + b"\x00"), (8, WHOLE + fixed(0, 4)), (8, number(1) + integer(0) + number(3) + fixed(1, 4)),
    (8, b""), (1, number(2**20)), (9, number(1) + b"\xff" * 11),
]

CORPUS.mkdir(parents=True, exist_ok=True)
for index, (kind, body) in enumerate(BODIES):
    (CORPUS / f"{index:03}").write_bytes(bytes([1, kind - 1]) + body)
(CORPUS / "http").write_bytes(b"\x00GET / HTTP/1.1\r\n\r\n")
(CORPUS / "other_version").write_bytes(b"\x00ONYXD\x09\r\n")
(CORPUS / "no_frame").write_bytes(b"\x00ONYXD\x01\r\n" + bytes(40))
