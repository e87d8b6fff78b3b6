#!/usr/bin/env python3
"""Prints the literals of Tests/BedrockSimulatorTests: frames and signatures that botocore made or accepts.

    python3 Tests/Conformance/simulator/make_literals.py

Frames are laid out after the Smithy event-stream specification and read back by botocore's own parser; signatures are
botocore's own, at a fixed time. The tests themselves run without Python.
"""

import binascii
import datetime
import struct
from unittest import mock

import botocore.auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.eventstream import EventStreamBuffer

NOW = datetime.datetime(2026, 11, 23, 6, 13, 2, tzinfo=datetime.timezone.utc)
BODY = b'{"messages":[{"role":"user","content":[{"text":"Hello"}]}]}'


def header(name, kind, value):
    return bytes([len(name)]) + name.encode() + bytes([kind]) + value


def string(name, value):
    return header(name, 7, struct.pack(">H", len(value.encode())) + value.encode())


def frame(headers, payload):
    prelude = struct.pack(">II", len(headers) + len(payload) + 16, len(headers))
    message = prelude + struct.pack(">I", binascii.crc32(prelude)) + headers + payload
    return message + struct.pack(">I", binascii.crc32(message))


def json_headers(kind, name, message_type):
    return string(kind, name) + string(":content-type", "application/json") + string(":message-type", message_type)


FRAMES = {
    "event": frame(
        json_headers(":event-type", "contentBlockDelta", "event"),
        '{"contentBlockIndex":0,"delta":{"text":"Grüße 👵🏽"}}'.encode(),
    ),
    "exception": frame(
        json_headers(":exception-type", "throttlingException", "exception"), b'{"message":"Too many tokens"}'
    ),
    "error": frame(
        string(":error-code", "InternalFailure") + string(":error-message", "Sorry") + string(":message-type", "error"), b""
    ),
    "everyHeaderType": frame(
        header("true", 0, b"")
        + header("false", 1, b"")
        + header("byte", 2, struct.pack(">b", -1))
        + header("short", 3, struct.pack(">h", -2))
        + header("int", 4, struct.pack(">i", -3))
        + header("long", 5, struct.pack(">q", -4))
        + header("bytes", 6, struct.pack(">H", 3) + b"\1\2\3")
        + string("string", "é")
        + header("time", 8, struct.pack(">q", 1_795_414_382_123))
        + header("id", 9, bytes(range(1, 17))),
        b"",
    ),
}


def signed(url, token=None):
    request = AWSRequest("POST", url, headers={"Content-Type": "application/json"}, data=BODY)
    credentials = Credentials("AKIDSIMULATOR", "simulator-secret", token)
    with mock.patch("botocore.auth.get_current_datetime", lambda *_: NOW.replace(tzinfo=None)):
        botocore.auth.SigV4Auth(credentials, "bedrock", "eu-west-1").add_auth(request)
    return request.headers["Authorization"].split("Signature=")[1]


def main():
    for name, encoded in FRAMES.items():
        parser = EventStreamBuffer()
        parser.add_data(encoded)
        message = next(parser)
        print(f"{name}: {encoded.hex()}\n  {message.headers} {message.payload}")
    base = "http://127.0.0.1:8080/model/"
    for segment in (
        "us.anthropic.claude-sonnet-4-5-20250929-v1%3A0",
        "arn%3Aaws%3Abedrock%3Aeu-west-1%3A123456789012%3Ainference-profile%2Feu.anthropic.claude-sonnet-4-5-20250929-v1%3A0",
    ):
        print(f"{segment}: {signed(base + segment + '/converse-stream')}")
    print(f"with a session token: {signed(base + 'simulator.echo/converse-stream', 'token+/=')}")


if __name__ == "__main__":
    main()
