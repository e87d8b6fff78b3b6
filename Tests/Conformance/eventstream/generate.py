#!/usr/bin/env python3
"""Writes frames.json: messages of event streams, each checked with botocore's own decoder.

Needs botocore. The bytes are built here from the Smithy specification, and a frame is written only if botocore reads back
exactly its headers and payload.
"""

import pathlib
import struct
import sys
import uuid
import zlib

from botocore.eventstream import EventStreamBuffer

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from cases import write_cases

# type name: type byte, packer, what botocore reads back
PACKERS = {
    "true": (0, lambda value: b""),
    "false": (1, lambda value: b""),
    "int8": (2, lambda value: struct.pack(">b", value)),
    "int16": (3, lambda value: struct.pack(">h", value)),
    "int32": (4, lambda value: struct.pack(">i", value)),
    "int64": (5, lambda value: struct.pack(">q", value)),
    "bytes": (6, lambda value: struct.pack(">H", len(value)) + value),
    "string": (7, lambda value: struct.pack(">H", len(value.encode())) + value.encode()),
    "timestamp": (8, lambda value: struct.pack(">q", value)),
    "uuid": (9, lambda value: value),
}

EVENT = [(":message-type", "string", "event"), (":content-type", "string", "application/json")]

FRAMES = {
    "nothing at all": ([], b""),
    "a payload without headers": ([], b"{'foo':'bar'}"),
    "an event": ([(":event-type", "string", "contentBlockDelta")] + EVENT, b'{"delta":{"text":"Hi"},"p":"abc"}'),
    "an exception": (
        [(":exception-type", "string", "throttlingException"), (":message-type", "string", "exception")],
        b'{"message":"Too many requests"}',
    ),
    "an error": (
        [(":message-type", "string", "error"), (":error-code", "string", "Broken"), (":error-message", "string", "it is")],
        b"",
    ),
    "text beyond ASCII": ([("nom", "string", "Zoé 🌻")], "\u00fcber".encode()),
    "an empty string": ([("empty", "string", "")], b"x"),
    "reply: messageStart": ([(":event-type", "string", "messageStart")] + EVENT, b'{"role":"assistant"}'),
    "reply: first delta": ([(":event-type", "string", "contentBlockDelta")] + EVENT, b'{"contentBlockIndex":0,"delta":{"text":"Grace was "}}'),
    "reply: second delta": ([(":event-type", "string", "contentBlockDelta")] + EVENT, b'{"contentBlockIndex":0,"delta":{"text":"curious."}}'),
    "reply: messageStop": ([(":event-type", "string", "messageStop")] + EVENT, b'{"stopReason":"end_turn"}'),
    "reply: metadata": (
        [(":event-type", "string", "metadata")] + EVENT,
        b'{"usage":{"inputTokens":9,"outputTokens":4,"totalTokens":13},"metrics":{"latencyMs":42}}',
    ),
    "every type": (
        [
            ("t", "true", True),
            ("f", "false", False),
            ("i8", "int8", -1),
            ("i16", "int16", -2),
            ("i32", "int32", 70000),
            ("i64", "int64", -(2**40)),
            ("b", "bytes", b"\x00\xff"),
            ("s", "string", "value"),
            ("at", "timestamp", 1795414382000),
            ("id", "uuid", uuid.UUID("01234567-89ab-cdef-0123-456789abcdef").bytes),
        ],
        bytes(range(256)),
    ),
}


def encode(headers, payload):
    block = b""
    for name, kind, value in headers:
        number, pack = PACKERS[kind]
        block += struct.pack(">B", len(name)) + name.encode() + struct.pack(">B", number) + pack(value)
    prelude = struct.pack(">II", 16 + len(block) + len(payload), len(block))
    message = prelude + struct.pack(">I", zlib.crc32(prelude)) + block + payload
    return message + struct.pack(">I", zlib.crc32(message))


def main():
    frames = []
    for name, (headers, payload) in FRAMES.items():
        data = encode(headers, payload)
        buffer = EventStreamBuffer()
        buffer.add_data(data)
        (message,) = list(buffer)
        assert message.headers == {key: value for key, _, value in headers}, name
        assert message.payload == payload, name
        frames.append({
            "name": name,
            "hex": data.hex(),
            "strings": {key: value for key, kind, value in headers if kind == "string"},
            "payload": payload.hex(),
        })
    write_cases(pathlib.Path(__file__).with_name("frames.json"), frames)


if __name__ == "__main__":
    main()
