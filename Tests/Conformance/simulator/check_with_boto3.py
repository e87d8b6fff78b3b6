#!/usr/bin/env python3
"""Checks bedrock-simulator with AWS's own client: boto3 must be as happy with it, and as unhappy, as with Bedrock.

    swift build --product bedrock-simulator
    python3 Tests/Conformance/simulator/check_with_boto3.py [PATH_OF_BEDROCK_SIMULATOR]

Needs boto3. Prints what failed and "N passed, M failed"; exits with 1 if anything failed.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from contextlib import contextmanager
from unittest import mock

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError, EventStreamError

ROOT = pathlib.Path(__file__).resolve().parents[3]
PROFILE = "us.anthropic.claude-sonnet-4-5-20250929-v1:0"
ARN = "arn:aws:bedrock:us-east-1:123456789012:inference-profile/" + PROFILE
PARTS = "Part 1. Part 2. Part 3. Part 4. Part 5."

passed, failed = 0, 0


def check(name, got, expected):
    """Counts a check, and prints it if it fails."""
    global passed, failed
    if got == expected:
        passed += 1
    else:
        failed += 1
        print(f"FAILED {name}\n  expected {expected!r}\n  got      {got!r}")


@contextmanager
def simulator(*options):
    """A running simulator: what it printed, and the path of its log."""
    program = sys.argv[1] if len(sys.argv) > 1 else ROOT / ".build/debug/bedrock-simulator"
    with tempfile.TemporaryDirectory() as folder:
        log = pathlib.Path(folder) / "log"
        command = [program, "--chunk-delay", "0", "--exit-with-stdin", "--log", log, *options]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        try:
            yield json.loads(process.stdout.readline()), log
        finally:
            process.stdin.close()
            check("ends with its standard input", process.wait(timeout=10), 0)
            check("prints one line", process.stdout.read(), b"")


def client(ready, region="us-east-1", **credentials):
    """A client of boto3 with the accepted credentials, or others."""
    keys = {
        "aws_access_key_id": ready["access_key_id"],
        "aws_secret_access_key": ready["secret_access_key"],
        "aws_session_token": ready["session_token"],
    }
    config = Config(retries={"mode": "standard", "total_max_attempts": 3}, proxies={})
    return boto3.client(
        "bedrock-runtime", region_name=region, endpoint_url=ready["endpoint_url"], config=config, **{**keys, **credentials}
    )


def ask(bedrock, model, text="Hello", messages=None, **more):
    """A whole answer: names of its events, text, stop reason, usage."""
    messages = messages or [{"role": "user", "content": [{"text": text}]}]
    events = list(bedrock.converse_stream(modelId=model, messages=messages, **more)["stream"])
    members = {name: value for event in events for name, value in event.items()}
    deltas = [event["contentBlockDelta"]["delta"] for event in events if "contentBlockDelta" in event]
    return {
        "events": [next(iter(event)) for event in events],
        "text": "".join(delta.get("text", "") for delta in deltas),
        "stop": members.get("messageStop", {}).get("stopReason"),
        "usage": members.get("metadata", {}).get("usage"),
    }


def refusal(call):
    """Status, name and sentence of the error that `call` raises."""
    try:
        call()
    except EventStreamError as error:
        return "stream", error.response["Error"]["Code"], error.response["Error"]["Message"]
    except ClientError as error:
        details = error.response
        return details["ResponseMetadata"]["HTTPStatusCode"], details["Error"]["Code"], details["Error"]["Message"]
    return "no error"


def entries(log):
    """The log's lines."""
    return [json.loads(line) for line in log.read_text().splitlines()]


def check_replies(bedrock):
    system = [{"text": "You are The Friend. You listen to people who loved “Rose”."}]
    conversation = [
        {"role": "user", "content": [{"text": "Hello"}]},
        {"role": "assistant", "content": [{"text": "Good day."}]},
        {"role": "user", "content": [{"text": "She sang in the kitchen."}]},
    ]
    for model in (PROFILE, ARN, "simulator.normal", "simulator.content-length", "simulator.close-delimited", "simulator.slow-1"):
        reply = ask(bedrock, model, messages=conversation, system=system, inferenceConfig={"maxTokens": 500, "temperature": 0.5})
        order = [name for name in reply["events"] if name != "contentBlockDelta"]
        check(f"{model}: order", order, ["messageStart", "contentBlockStop", "messageStop", "metadata"])
        check(f"{model}: deltas lie together", reply["events"][1 : reply["events"].index("contentBlockStop")][-1], "contentBlockDelta")
        for words in ("The Friend", "Rose", "2 earlier messages", "“She sang in the kitchen.”"):
            check(f"{model}: tells {words}", words in reply["text"], True)
        check(f"{model}: stop", reply["stop"], "end_turn")
        usage = reply["usage"]
        check(f"{model}: usage", usage["inputTokens"] + usage["outputTokens"], usage["totalTokens"])
    short = ask(bedrock, PROFILE, inferenceConfig={"maxTokens": 5})
    check("maxTokens: stop", short["stop"], "max_tokens")
    check("maxTokens: usage", short["usage"]["outputTokens"] <= 5, True)


def check_texts(bedrock):
    text = "Grüße, 👵🏽!\nTwo  lines."
    check("echo", ask(bedrock, "simulator.echo", text)["text"], text)
    chunks = ask(bedrock, "simulator.text-chunks", "a| b||c")
    check("text-chunks", (chunks["text"], chunks["events"].count("contentBlockDelta")), ("a bc", 4))
    for scenario in ("bytewise", "many-frames", "no-padding", "no-metadata", "unknown-events", "reasoning"):
        check(scenario, ask(bedrock, f"simulator.{scenario}")["text"], PARTS)
    emoji = "Grandma 👵🏽 and the family 👨\u200d👩\u200d👧\u200d👦 wave 🏳\ufe0f\u200d🌈 from the cafe\u0301 🇫🇷."
    check("emoji", ask(bedrock, "simulator.emoji")["text"], emoji)
    check("surrogates", ask(bedrock, "simulator.surrogates")["text"], emoji)
    check("controls", "\x1b[31m" in ask(bedrock, "simulator.controls")["text"], True)
    tiny = ask(bedrock, "simulator.tiny-3000")
    check("tiny", (len(tiny["text"]), tiny["events"].count("contentBlockDelta")), (3000, 3000))
    check("large", len(ask(bedrock, "simulator.large-300000")["text"]), 300_000)
    for scenario, stop in (
        ("max-tokens", "max_tokens"),
        ("guardrail-1", "guardrail_intervened"),
        ("content-filtered-1", "content_filtered"),
        ("malformed-output-1", "malformed_model_output"),
        ("context-window", "model_context_window_exceeded"),
        ("tool-use", "tool_use"),
        ("unknown-stop", "moon_phase"),
        ("empty", "end_turn"),
    ):
        check(scenario, ask(bedrock, f"simulator.{scenario}")["stop"], stop)


def check_retries(bedrock, log):
    for scenario, status in (("throttle-2", 429), ("http-500-2", 500), ("http-503-2", 503), ("html-502-2", 502)):
        model = f"simulator.{scenario}:retried"
        check(f"{scenario}: answered in the end", ask(bedrock, model)["stop"], "end_turn")
        mine = [entry for entry in entries(log) if entry["model_id"] == model]
        check(f"{scenario}: attempts", [(entry["attempt"], entry["status"]) for entry in mine], [(1, status), (2, status), (3, 200)])
    for scenario in ("reset-before-headers-1", "close-before-headers-1"):
        check(f"{scenario}: answered in the end", ask(bedrock, f"simulator.{scenario}")["stop"], "end_turn")


def check_errors(bedrock):
    for scenario, status, name in (
        ("throttle", 429, "ThrottlingException"),
        ("http-400", 400, "ValidationException"),
        ("http-403", 403, "AccessDeniedException"),
        ("http-404", 404, "ResourceNotFoundException"),
        ("http-408", 408, "ModelTimeoutException"),
        ("http-424", 424, "ModelErrorException"),
        ("http-500", 500, "InternalServerException"),
        ("http-503", 503, "ServiceUnavailableException"),
        ("model-not-ready", 429, "ModelNotReadyException"),
        ("quota", 400, "ServiceQuotaExceededException"),
        ("expired-token", 403, "ExpiredTokenException"),
        ("access-denied", 403, "AccessDeniedException"),
    ):
        check(scenario, refusal(lambda: ask(bedrock, f"simulator.{scenario}"))[:2], (status, name))
    for kind, name in (
        ("throttling", "throttlingException"),
        ("validation", "validationException"),
        ("internal", "internalServerException"),
        ("unavailable", "serviceUnavailableException"),
        ("model-stream", "modelStreamErrorException"),
        # botocore has no name for an exception that its service model does not have.
        ("unknown", ""),
    ):
        check(f"exception {kind}", refusal(lambda: ask(bedrock, f"simulator.exception-{kind}-2"))[:2], ("stream", name))
    check("error frame", refusal(lambda: ask(bedrock, "simulator.error-frame-1"))[:2], ("stream", "InternalFailure"))
    for scenario, name in (
        ("corrupt-prelude-1", "ChecksumMismatch"),
        ("corrupt-message-1", "ChecksumMismatch"),
        ("absurd-length-1", "InvalidPayloadLength"),
        ("garbage", "ChecksumMismatch"),
        ("cut-1", "ProtocolError"),
        ("cut-payload-1", "ProtocolError"),
        ("reset-1", "ProtocolError"),
    ):
        try:
            ask(bedrock, f"simulator.{scenario}")
            check(scenario, "no error", name)
        except Exception as error:  # noqa: BLE001: the name of whatever is raised is what is checked
            check(scenario, type(error).__name__, name)


def check_validation(bedrock):
    def said(role, text):
        return {"role": role, "content": [{"text": text}]}

    start = "A conversation must start with a user message. Try again with a conversation that starts with a user message."
    blank = "The text field in the ContentBlock object at messages.0.content.0 is blank. Add text to the text field, and try again."
    for name, messages, sentence in (
        ("no messages", [], start),
        ("assistant first", [said("assistant", "x"), said("user", "y")], start),
        ("blank text", [said("user", "  ")], blank),
    ):
        call = lambda: bedrock.converse_stream(modelId=PROFILE, messages=messages)  # noqa: E731
        check(name, refusal(call), (400, "ValidationException", sentence))
    for name, messages in (
        ("not alternating", [said("user", "x"), said("user", "y")]),
        ("assistant last", [said("user", "x"), said("assistant", "y")]),
    ):
        check(name, refusal(lambda: bedrock.converse_stream(modelId=PROFILE, messages=messages))[:2], (400, "ValidationException"))
    check("temperature", refusal(lambda: ask(bedrock, PROFILE, inferenceConfig={"temperature": 2.0}))[:2], (400, "ValidationException"))
    bare = "anthropic.claude-sonnet-4-5-20250929-v1:0"
    check("bare model", "on-demand throughput isn’t supported" in refusal(lambda: ask(bedrock, bare))[2], True)
    check("no such model", refusal(lambda: ask(bedrock, "nobody.model"))[2], "The provided model identifier is invalid.")
    check("no such scenario", refusal(lambda: ask(bedrock, "simulator.nope"))[:2], (400, "ValidationException"))


def check_credentials(ready):
    def asking(**credentials):
        return refusal(lambda: ask(client(ready, **credentials), PROFILE))[:2]

    check("wrong secret", asking(aws_secret_access_key="wrong"), (403, "InvalidSignatureException"))
    check("wrong key id", asking(aws_access_key_id="AKIDOTHER"), (403, "UnrecognizedClientException"))
    check("needless session token", asking(aws_session_token="x"), (403, "UnrecognizedClientException"))
    for scenario in ("stale-clock-1000", "early-clock-1000"):
        name = refusal(lambda: ask(client(ready), f"simulator.{scenario}"))[:2]
        check(scenario, name, (403, "InvalidSignatureException"))
    check("a clock a little off", ask(client(ready), "simulator.stale-clock-200")["stop"], "end_turn")
    with mock.patch.dict(os.environ, AWS_BEARER_TOKEN_BEDROCK=ready["api_key"]):
        check("API key", ask(client_of_environment(ready), ARN)["stop"], "end_turn")
    with mock.patch.dict(os.environ, AWS_BEARER_TOKEN_BEDROCK="wrong"):
        check("wrong API key", refusal(lambda: ask(client_of_environment(ready), ARN))[:2], (403, "AccessDeniedException"))


def client_of_environment(ready):
    """A client that takes its credentials where boto3 finds them."""
    return boto3.client("bedrock-runtime", region_name="us-east-1", endpoint_url=ready["endpoint_url"], config=Config(proxies={}))


def check_options():
    with simulator("--session-token", "token+/=", "--region", "eu-west-1", "--access-key-id", "ASIAX", "--secret-access-key", "s") as (
        ready,
        log,
    ):
        check("accepted keys are in the ready line", (ready["access_key_id"], ready["session_token"]), ("ASIAX", "token+/="))
        check("session token", ask(client(ready, "eu-west-1"), PROFILE)["stop"], "end_turn")
        without = client(ready, "eu-west-1", aws_session_token=None)
        check("no session token", refusal(lambda: ask(without, PROFILE))[:2], (403, "UnrecognizedClientException"))
        check("wrong region", refusal(lambda: ask(client(ready), PROFILE))[:2], (403, "InvalidSignatureException"))
        check("no secret in the log", "token+/=" in log.read_text() or "Signature=" in log.read_text(), False)
    with simulator("--no-verify") as (ready, _):
        check("--no-verify", ask(client(ready, aws_secret_access_key="wrong"), PROFILE)["stop"], "end_turn")


def check_paths(ready):
    with urllib.request.urlopen(ready["endpoint_url"] + "/health", timeout=10) as answer:
        check("health", (answer.status, json.load(answer)), (200, {"status": "healthy"}))
    try:
        urllib.request.urlopen(ready["endpoint_url"] + "/nowhere", timeout=10)
        check("unknown path", "no error", 404)
    except urllib.error.HTTPError as error:
        check("unknown path", (error.code, error.headers["x-amzn-ErrorType"].split(":")[0]), (404, "UnknownOperationException"))


def main():
    with simulator() as (ready, log):
        bedrock = client(ready)
        check_replies(bedrock)
        check_texts(bedrock)
        check_retries(bedrock, log)
        check_errors(bedrock)
        check_validation(bedrock)
        check_credentials(ready)
        check_paths(ready)
    check_options()
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
