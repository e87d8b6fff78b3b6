"""Measures mosaic-ai against curl and boto3, interleaved, and prints medians and ratios as a Markdown table.

    measure.py FOLDER [FOLDER…]

Each folder holds the programs of one build; the simulator is the first one's. Only the ratios of one run mean
something: machines are noisy.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
BOTO3 = """
import boto3, sys
client = boto3.client("bedrock-runtime")
messages = [{"role": "user", "content": [{"text": "hello"}]}]
for event in client.converse_stream(modelId=sys.argv[1], messages=messages)["stream"]:
    if "contentBlockDelta" in event:
        sys.stdout.write(event["contentBlockDelta"]["delta"]["text"])
        sys.stdout.flush()
"""
PIECES, LENGTH, CROWD = 2000, 500, 64

#: What can be measured of a run: its place in a sample, its unit, and the unit's share of a second or a KiB.
WALL, CPU, PEAK, FIRST = (1, "ms", 1000), (2, "ms", 1000), (3, "MiB", 1 / 1024), (4, "ms", 1000)


class Bench:
    def __init__(self, work):
        self.spawner = os.path.join(work, "spawn")
        compiler = next((name for name in ["cc", "clang"] if shutil.which(name)), None)
        if not compiler:
            sys.exit("bench: a C compiler is needed (cc or clang)")
        subprocess.run([compiler, "-O2", "-o", self.spawner, os.path.join(HERE, "spawn.c")], check=True)

    def run(self, command, environment, copies=1):
        """Runs copies of a command at once, their output read through a pipe.

        Gives the start, the seconds in all, the CPU seconds, the peak KiB, and the seconds to the first byte.
        """
        reading, writing = os.pipe()
        process = subprocess.Popen(
            [self.spawner, str(writing), str(copies), *command], env=environment, pass_fds=[writing],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        os.close(writing)
        first = None
        while os.read(process.stdout.fileno(), 1 << 16):
            first = first or time.monotonic()
        errors = process.stderr.read()
        if process.wait() != 0:
            sys.exit(f"{command[0]} failed with {process.returncode}: {errors.decode()}")
        with os.fdopen(reading) as report:
            start, wall, cpu, peak = map(float, report.read().split())
        return start, wall, cpu, peak, (first or start) - start

    def measure(self, title, quantities, contenders, runs, copies=1):
        """Measures all contenders in turn, and prints a line for each quantity of each."""
        samples = {name: [] for name, _, _ in contenders}
        for index in range(runs + 1):
            for name, command, environment in contenders:
                sample = self.run(command, environment, copies)
                if index > 0:
                    samples[name].append(sample)
        for words, (column, unit, factor) in quantities:
            medians = {name: statistics.median(sample[column] for sample in values) for name, values in samples.items()}
            for name, median in medians.items():
                ratio = median / medians["curl"]
                print(f"| {title}{words} | {name} | {median * factor:.1f} {unit} | {ratio:.2f} |", flush=True)


def certificates(work):
    """Makes a certificate authority and a server's certificate for 127.0.0.1."""
    script = """
        openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj '/CN=Benchmark authority' -keyout ca.key -out ca.pem
        openssl req -newkey rsa:2048 -nodes -subj /CN=localhost -keyout server.key -out server.csr
        printf 'subjectAltName=IP:127.0.0.1' >server.ext
        openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile server.ext \\
            -out server.pem
        """
    subprocess.run(["sh", "-euc", script], cwd=work, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return [os.path.join(work, name) for name in ["ca.pem", "server.pem", "server.key"]]


def main():
    folders = [os.path.abspath(folder) for folder in sys.argv[1:]]
    work = tempfile.mkdtemp()
    bench = Bench(work)
    authority, certificate, key = certificates(work)
    simulator = subprocess.Popen(
        [os.path.join(folders[0], "bedrock-simulator"), "--chunk-delay", "0", "--no-verify", "--exit-with-stdin"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    replay = subprocess.Popen(
        [sys.executable, os.path.join(HERE, "replay.py"), str(PIECES), str(LENGTH), certificate, key],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        ready = json.loads(simulator.stdout.readline())
        ports = json.loads(replay.stdout.readline())
        plain = {
            "PATH": os.environ["PATH"], "HOME": work, "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": ready["access_key_id"], "AWS_SECRET_ACCESS_KEY": ready["secret_access_key"],
        }
        builds = []
        for index, folder in enumerate(folders):
            home = os.path.join(work, f"home-{index}")
            os.mkdir(home)
            program = os.path.join(folder, "mosaic-ai")
            builds.append(("mosaic-ai" if index == 0 else f"mosaic-ai of build {index + 1}", program, home))
            subprocess.run(
                [program, "legacies", "add", "Rose"], env={**plain, "HOME": home}, check=True,
                stdout=subprocess.DEVNULL)
        body = json.dumps({"messages": [{"role": "user", "content": [{"text": "hello"}]}]})
        scope = f"{ready['access_key_id']}/20260101/us-east-1/bedrock/aws4_request"
        authorization = f"Authorization: AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0"
        has_boto3 = subprocess.run([sys.executable, "-c", "import boto3"], stderr=subprocess.DEVNULL).returncode == 0

        def contenders(model, endpoint=ready["endpoint_url"], ndjson=False, boto3=has_boto3):
            """Everybody's command that streams a reply of the model."""
            environment = {**plain, "AWS_ENDPOINT_URL": endpoint}
            options = []
            if endpoint.startswith("https:"):
                environment["AWS_CA_BUNDLE"] = authority
                options = ["--cacert", authority]
            headers = ["--header", "Content-Type: application/json", "--header", authorization]
            everyone = [("curl", [
                "curl", "--silent", "--show-error", "--no-buffer", *options, *headers, "--data", body,
                f"{endpoint}/model/{model}/converse-stream",
            ], environment)]
            for name, program, home in builds:
                send = [program, "send", "--new", "--model", model, "hello"]
                everyone.append((name, send, {**environment, "HOME": home}))
                if ndjson:
                    everyone.append((f"{name} -o ndjson", [*send, "-o", "ndjson"], {**environment, "HOME": home}))
            if boto3:
                everyone.append(("boto3", [sys.executable, "-c", BOTO3, model], environment))
            return everyone

        print("| what | who | median | to curl |\n| --- | --- | --- | --- |")
        versions = [("curl", ["curl", "--version"], plain)]
        versions += [(name, [program, "--version"], plain) for name, program, _ in builds]
        all_three = [("", WALL), (", CPU time", CPU), (", peak memory", PEAK)]
        # ndjson begins with its start event, before the request: its first byte would say nothing.
        bench.measure("start (`--version`)", [("", WALL)], versions, 40)
        bench.measure("exec to first chunk", [("", FIRST)], contenders("simulator.echo"), 20)
        secure, insecure = f"https://127.0.0.1:{ports['https']}", f"http://127.0.0.1:{ports['http']}"
        bench.measure("exec to first chunk over HTTPS", [("", FIRST)], contenders("short", secure), 20)
        bench.measure("100,000 chunks", all_three, contenders("simulator.tiny-100000", ndjson=True), 7)
        million = contenders("simulator.tiny-1000000", ndjson=True, boto3=False)
        bench.measure("1,000,000 chunks", [(", peak memory", PEAK)], million, 1)
        bench.measure(f"{PIECES:,} pieces of {LENGTH} characters", all_three[:2], contenders("long", insecure), 15)
        bench.measure(f"{CROWD} at once", all_three[:2], contenders("simulator.echo", boto3=False), 5, CROWD)
    finally:
        for process in [simulator, replay]:
            process.stdin.close()
            process.wait()
        shutil.rmtree(work)


main()
