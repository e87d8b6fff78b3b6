"""Start-up, first chunk and long replies: mosaic-ai, curl and boto3, interleaved, medians and ratios.

Prints a Markdown table. Only ratios within one run mean something: machines are noisy.
"""

import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

BOTO3 = """
import boto3, sys
client = boto3.client("bedrock-runtime")
stream = client.converse_stream(modelId=sys.argv[1], messages=[{"role": "user", "content": [{"text": "hello"}]}])["stream"]
for event in stream:
    if "contentBlockDelta" in event:
        sys.stdout.write(event["contentBlockDelta"]["delta"]["text"])
        sys.stdout.flush()
"""


def run(command, environment):
    """Runs a command, its output read through a pipe; gives seconds to the first byte, seconds in all, and peak KiB."""
    started = time.monotonic()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    first = None
    while piece := os.read(process.stdout.fileno(), 1 << 16):
        first = first or time.monotonic() - started
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{command[0]} failed with {process.returncode}: {errors.decode()}")
    return first, time.monotonic() - started, usage.ru_maxrss


def measure(title, column, unit, contenders, environment, runs):
    """Measures all contenders in turn, and prints one line each."""
    samples = {name: [] for name, _ in contenders}
    for index in range(runs + 1):
        for name, command in contenders:
            sample = run(command, environment)[column]
            if index > 0:
                samples[name].append(sample)
    medians = {name: statistics.median(values) for name, values in samples.items()}
    for name, _ in contenders:
        value = medians[name] * (1000 if unit == "ms" else 1 / 1024)
        print(f"| {title} | {name} | {value:.1f} {unit} | {medians[name] / medians['curl']:.2f} |", flush=True)


def main():
    folder = os.path.abspath(sys.argv[1])
    program = os.path.join(folder, "mosaic-ai")
    home = tempfile.mkdtemp()
    simulator = subprocess.Popen(
        [os.path.join(folder, "bedrock-simulator"), "--chunk-delay", "0", "--no-verify", "--exit-with-stdin"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        ready = json.loads(simulator.stdout.readline())
        environment = {
            "HOME": home, "PATH": os.environ["PATH"], "AWS_ENDPOINT_URL": ready["endpoint_url"], "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": ready["access_key_id"], "AWS_SECRET_ACCESS_KEY": ready["secret_access_key"],
        }
        subprocess.run([program, "legacies", "add", "Rose"], env=environment, check=True, stdout=subprocess.DEVNULL)
        body = json.dumps({"messages": [{"role": "user", "content": [{"text": "hello"}]}]})
        authorization = (
            f"Authorization: AWS4-HMAC-SHA256 Credential={ready['access_key_id']}/20260101/us-east-1/bedrock/aws4_request, "
            "SignedHeaders=host, Signature=0")

        def contenders(model):
            url = f"{ready['endpoint_url']}/model/{model}/converse-stream"
            everyone = [
                ("curl", ["curl", "--silent", "--show-error", "--no-buffer", "--header", "Content-Type: application/json", "--header", authorization,
                          "--data", body, url]),
                ("mosaic-ai", [program, "send", "--new", "--model", model, "hello"]),
                ("mosaic-ai -o ndjson", [program, "send", "--new", "-o", "ndjson", "--model", model, "hello"]),
            ]
            if subprocess.run([sys.executable, "-c", "import boto3"], stderr=subprocess.DEVNULL).returncode == 0:
                everyone.append(("boto3", [sys.executable, "-c", BOTO3, model]))
            return everyone

        print("| what | who | median | to curl |\n| --- | --- | --- | --- |")
        measure("start (`--version`)", 1, "ms", [("curl", ["curl", "--version"]), ("mosaic-ai", [program, "--version"])], environment, 40)
        # ndjson begins with its start event, before the request: its first byte would say nothing.
        first = [one for one in contenders("simulator.echo") if "ndjson" not in one[0]]
        measure("exec to first chunk", 0, "ms", first, environment, 20)
        measure("100,000 chunks", 1, "ms", contenders("simulator.tiny-100000"), environment, 7)
        measure("100,000 chunks, peak memory", 2, "MiB", contenders("simulator.tiny-100000"), environment, 3)
        measure("1,000,000 chunks, peak memory", 2, "MiB", contenders("simulator.tiny-1000000")[:3], environment, 1)
    finally:
        simulator.stdin.close()
        simulator.wait()
        shutil.rmtree(home)


main()
