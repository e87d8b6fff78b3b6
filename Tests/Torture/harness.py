"""What all tortures use: the programs, a home for them, a look at the database that is not theirs, and the tally."""

import collections
import json
import os
import pathlib
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import threading
import time

#: A command line that takes longer has hung.
PATIENCE = 120


class Wrong(Exception):
    """Something that must never be so."""


def expect(is_true, complaint):
    """Complains unless it is so."""
    if not is_true:
        raise Wrong(complaint)


class Tally:
    """How much passed and failed, printed as it happens."""

    def __init__(self):
        self.lock = threading.Lock()
        self.passed = 0
        self.failed = 0

    def attempt(self, name, body):
        """Runs `body`; whether it passed."""
        try:
            body()
        except Exception as error:  # whatever goes wrong is a finding, and the others go on
            with self.lock:
                self.failed += 1
                kind = "" if isinstance(error, Wrong) else f"{type(error).__name__}: "
                print(f"FAILED {name}: {kind}{error}", flush=True)
            return False
        with self.lock:
            self.passed += 1
        return True

    def say(self, text):
        """A figure, or a part that is left out."""
        with self.lock:
            print(text, flush=True)


class Simulator:
    """The built simulator, until `close`."""

    def __init__(self, programs, before=()):
        self.process = subprocess.Popen(
            [*before, programs / "bedrock-simulator", "--chunk-delay", "0", "--exit-with-stdin"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.endpoint = json.loads(self.process.stdout.readline())["endpoint_url"]

    def close(self):
        """Ends it."""
        self.process.stdin.close()
        self.process.wait()


class Home:
    """A home folder of its own, with the variables to work in it."""

    def __init__(self, programs, simulator, folder=None):
        self.programs = programs
        self.folder = pathlib.Path(folder or tempfile.mkdtemp(prefix="mosaic-ai-torture-"))
        self.database = self.folder / "data" / "mosaic-ai.sqlite3"
        self.variables = {
            "HOME": str(self.folder), "PATH": f"{programs}:/usr/bin:/bin", "LANG": "C.UTF-8", "TERM": "dumb",
            "MOSAIC_AI_DATABASE": str(self.database), "AWS_ENDPOINT_URL": simulator.endpoint, "AWS_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "AKIDSIMULATOR", "AWS_SECRET_ACCESS_KEY": "simulator-secret", "AWS_EC2_METADATA_DISABLED": "true",
        }
        # How an instrumented program tells what it finds.
        self.variables.update({name: value for name, value in os.environ.items() if name.endswith("SAN_OPTIONS")})

    def command(self, *arguments):
        """A command line of the program under test."""
        return [str(self.programs / "mosaic-ai"), *arguments]

    def run(self, *arguments, before=(), **variables):
        """Runs the program to its end, after the words `before`, if any."""
        return subprocess.run(
            [*before, *self.command(*arguments)], env={**self.variables, **variables}, stdin=subprocess.DEVNULL, capture_output=True,
            text=True, timeout=PATIENCE, cwd=self.folder)

    def succeed(self, *arguments):
        """Runs the program, which must succeed; what it wrote."""
        ended = self.run(*arguments)
        expect(ended.returncode == 0, f"{arguments[:2]} ended with {ended.returncode}: {ended.stderr.strip()}")
        return ended.stdout

    def json(self, *arguments):
        """The JSON of a command line that must succeed."""
        return json.loads(self.succeed(*arguments, "-o", "json"))

    def query(self, sql, *parameters):
        """Rows of the database, read by SQLite's own hand."""
        connection = sqlite3.connect(f"file:{self.database}?mode=rw", uri=True, timeout=60)
        try:
            return connection.execute(sql, parameters).fetchall()
        finally:
            connection.close()

    def check(self):
        """The database is sound, and what it counts is what is there."""
        expect(self.query("PRAGMA integrity_check") == [("ok",)], f"integrity_check: {self.query('PRAGMA integrity_check')[:3]}")
        expect(self.query("PRAGMA foreign_key_check") == [], "foreign_key_check finds rows")
        self.check_counts()

    def check_counts(self):
        """The conversations count the messages that are there."""
        wrong = self.query(
            "SELECT c.id, c.message_count, count(m.id) FROM ai_conversations c LEFT JOIN ai_messages m"
            " ON m.conversation_id = c.id AND m.status <> 'superseded' GROUP BY c.id HAVING c.message_count <> count(m.id) OR count(m.id) = 0")
        expect(wrong == [], f"message_count is wrong, or a conversation is empty: {wrong[:3]}")

    def check_settled(self):
        """Nothing is left open once nobody works on anything."""
        self.succeed("conversations", "--limit", "1")
        left = self.query("SELECT role, status, count(*) FROM ai_messages WHERE status IN ('pending', 'streaming') GROUP BY 1, 2")
        expect(left == [], f"left open: {left}")

    def remove(self):
        """Takes it away."""
        shutil.rmtree(self.folder, ignore_errors=True)


class Watched:
    """A running program whose output is noted with the time it came."""

    def __init__(self, home, *arguments, before=(), **variables):
        reader, writer = os.pipe()
        self.reader = reader
        self.process = subprocess.Popen(
            [*before, *home.command(*arguments)], env={**home.variables, **variables}, stdin=subprocess.DEVNULL, stdout=writer,
            stderr=subprocess.PIPE, cwd=home.folder)
        os.close(writer)
        self.pieces = []
        self.is_closing = False
        self.thread = threading.Thread(target=self.read)
        self.thread.start()

    def read(self):
        """Notes what comes."""
        while not self.is_closing:
            piece = os.read(self.reader, 65536)
            if not piece:
                break
            self.pieces.append((time.monotonic(), piece))
        os.close(self.reader)

    def close_reader(self):
        """Stops reading: with the next piece the reader goes away."""
        self.is_closing = True

    def end(self):
        """Waits for the end; the status and what was said on standard error."""
        timer = threading.Timer(PATIENCE, self.process.kill)
        timer.start()
        errors = self.process.stderr.read().decode()
        status = self.process.wait()
        timer.cancel()
        self.thread.join()
        return status, errors

    def shown(self, until=None):
        """What was shown, or was by then."""
        return b"".join(piece for moment, piece in self.pieces if until is None or moment <= until)


def in_parallel(count, jobs):
    """Runs `jobs`, `count` at a time."""
    waiting = collections.deque(jobs)
    lock = threading.Lock()

    def work(slot):
        while True:
            with lock:
                if not waiting:
                    return
                job = waiting.popleft()
            job(slot)

    threads = [threading.Thread(target=work, args=(slot,)) for slot in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def signal_name(status):
    """How an exit status is called."""
    return signal.Signals(-status).name if status < 0 else f"status {status}"
