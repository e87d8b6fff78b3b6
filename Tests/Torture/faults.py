"""Lets every call that changes a file end the process, fail, or be the last one before the power goes."""

import collections
import errno
import json
import pathlib
import random
import shutil
import signal
import subprocess
import tempfile
import time

from harness import Home, Watched, expect, in_parallel, signal_name

PIECES = [f" {index}-ÄÖÜ-{'plum' * (index % 5)}" for index in range(30)]
REPLY = "".join(PIECES)
#: What may happen to a call, and whether it goes on happening.
DEEDS = [
    ("kill", False), ("half", False), ("after", False), ("short", False), (str(errno.EIO), False), (str(errno.ENOSPC), False),
    (str(errno.EIO), True), (str(errno.ENOSPC), True),
]


def build_library(folder):
    """The library that is preloaded; None without a C compiler or if nothing can be preloaded."""
    compiler = shutil.which("clang") or shutil.which("cc")
    if compiler is None:
        return None
    library = pathlib.Path(folder) / "faults.so"
    source = pathlib.Path(__file__).with_name("faults.c")
    built = subprocess.run([compiler, "-O1", "-Wall", "-Wextra", "-shared", "-fPIC", "-o", library, source, "-ldl"], check=False)
    return library if built.returncode == 0 else None


def read_log(path):
    """All calls in their order: name, file, offset, length, time, bytes."""
    log = path.read_bytes()
    calls, position = [], 0
    while position < len(log):
        end = log.index(b"\n", position)
        name, file, offset, length, moment = log[position:end].decode().split(" ")
        has_bytes = name == "write"
        position = end + 1 + (int(length) if has_bytes else 0)
        calls.append((name, file, int(offset), int(length), float(moment), log[end + 1:position] if has_bytes else b""))
    return calls


class Faults:
    """Homes with a conversation in them, and a library to break what happens there."""

    def __init__(self, programs, simulator):
        self.programs = programs
        self.simulator = simulator
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="mosaic-ai-torture-"))
        self.library = build_library(self.folder)
        self.empty = Home(programs, simulator, self.make("empty"))
        self.template = Home(programs, simulator, self.make("template"))
        self.template.succeed("legacies", "add", "Rose")
        self.template.succeed("send", "--model", "simulator.echo", "The first memory.")
        self.conversation = self.template.query("SELECT id FROM ai_conversations")[0][0]

    def make(self, name):
        """A new folder."""
        folder = self.folder / name
        folder.mkdir()
        return folder

    def copy(self, home, name):
        """A copy of a home."""
        shutil.copytree(home.folder, self.folder / name)
        return Home(self.programs, self.simulator, self.folder / name)

    def variables(self, home, **more):
        """What makes the library work."""
        return {"LD_PRELOAD": str(self.library), "FAULT_FOLDER": str(home.folder), **more}

    def words(self, message, pace=30):
        """The command line under torture, with this many milliseconds between the pieces."""
        return ["send", "--conversation", self.conversation, "-o", "ndjson", "--model", f"simulator.text-chunks-{pace}", message]

    def count(self, home, *words):
        """How many calls a command makes."""
        log = home.folder / "calls.log"
        ended = home.run(*words, **self.variables(home, FAULT_LOG=str(log)))
        expect(ended.returncode == 0, f"without any fault: {ended.stderr}")
        return [call for call in read_log(log) if call[1] != "shown"]

    def check_send(self, index, number, deed, is_sticky):
        """Breaks one call of a `send`, and looks at what is left."""
        home = self.copy(self.template, f"send-{index}")
        message = f"fault-{index}" + "|".join(PIECES)
        reply = message.replace("|", "")
        more = {"FAULT_ALWAYS": "1"} if is_sticky else {}
        program = Watched(home, *self.words(message), **self.variables(home, FAULT_AT=str(number), FAULT_DO=deed, **more))
        status, errors = program.end()
        moment = time.monotonic()
        events = [json.loads(line) for line in program.shown().split(b"\n") if line.endswith(b"}")]
        names = [event["type"] for event in events]
        is_killed = deed in ("kill", "half", "after")
        if deed == "short":
            expect(status == 0, f"a short write ended it with {signal_name(status)}: {errors}")
        else:
            wanted = (-signal.SIGKILL, 0) if is_killed else (74, 0)
            expect(status in wanted, f"ended with {signal_name(status)}: {errors.strip()}")
        if status == 74:
            expect(len(errors.strip().split("\n")) == 2 and "hint: " in errors, f"said: {errors!r}")
            expect(names[-1:] == ["error"] and events[-1]["code"] == "storage_failed", f"the last event: {events[-1:]}")
        home.check()
        rows = home.query("SELECT id FROM ai_messages WHERE role = 'user' AND content = ?", message)
        expect(len(rows) <= 1, f"the message is there {len(rows)} times")
        expect(rows or "start" not in names, "the message is lost, though start was shown")
        stored = home.query("SELECT content, status FROM ai_messages WHERE reply_to = ?", rows[0][0]) if rows else []
        safe_output = program.shown(moment - 1) if is_killed and status != 0 else b"" if status == 74 else program.shown()
        safe = "".join(json.loads(line).get("content", "") for line in safe_output.split(b"\n") if line.endswith(b"}"))
        content = stored[0][0] if stored else ""
        expect(reply.startswith(content) and content.startswith(safe), f"stored {content!r}, shown in time {safe!r}")
        if status == 0:
            expect(stored == [(reply, "complete")], f"done was shown, but {stored} is stored")
        self.check_after(home, rows, reply)
        shutil.rmtree(home.folder)

    def check_after(self, home, rows, reply):
        """The old memory is there, and the broken one can be sent again."""
        messages = home.json("history", self.conversation)["messages"]
        expect([message["content"] for message in messages[:2]] == ["The first memory."] * 2, "the first exchange has changed")
        expect(all(message["status"] not in ("pending", "streaming") for message in messages), "something is left open")
        is_whole = not rows or messages[-1]["status"] == "complete" and messages[-1]["role"] == "assistant"
        retry = home.run("send", "--retry", "--conversation", self.conversation, "--model", "simulator.text-chunks-0")
        expect(retry.returncode == (66 if is_whole else 0), f"--retry ended with {retry.returncode}: {retry.stderr.strip()}")
        messages = home.json("history", self.conversation)["messages"]
        wanted = ["The first memory."] * 2 + ([messages[2]["content"], reply] if rows else [])
        expect([message["content"] for message in messages] == wanted, "not exactly one live reply")
        home.check_settled()
        home.check()

    def check_creation(self, index, number, deed, is_sticky):
        """Breaks one call of the command that creates the database."""
        home = self.copy(self.empty, f"creation-{index}")
        more = {"FAULT_ALWAYS": "1"} if is_sticky else {}
        ended = home.run("legacies", "add", "Rose", **self.variables(home, FAULT_AT=str(number), FAULT_DO=deed, **more))
        is_killed = deed in ("kill", "half", "after")
        wanted = (0,) if deed == "short" else (-signal.SIGKILL, 0) if is_killed else (74, 0)
        expect(ended.returncode in wanted, f"ended with {signal_name(ended.returncode)}: {ended.stderr.strip()}")
        home.succeed("legacies", "add", "Rose")
        expect([legacy["name"] for legacy in home.json("legacies")] == ["Rose"], "not exactly one legacy")
        home.check()
        shutil.rmtree(home.folder)

    def check_power(self, tally, seed):
        """Lets the power go after every call of a `send`: of what is not yet synced, any part may be on the disk."""
        home = self.copy(self.template, "power")
        before = {file.name: file.read_bytes() for file in home.database.parent.iterdir()}
        message = "power" + "|".join(PIECES)
        log = home.folder / "calls.log"
        ended = home.run(*self.words(message, pace=80), **self.variables(home, FAULT_LOG=str(log)))
        expect(ended.returncode == 0, ended.stderr)
        calls = read_log(log)
        chance = random.Random(seed)
        for cut in range(len(calls) + 1):
            for kind in ("nothing", "everything", "some", "some"):
                self.power(home, before, calls[:cut], message, kind, chance)
        tally.say(f"power cuts: {len(calls) + 1} moments, {4 * (len(calls) + 1)} states of the disk")

    def power(self, home, before, calls, message, kind, chance):
        """One state of the disk, and what must be in it."""
        synced = {name: bytearray(content) for name, content in before.items()}
        pending = collections.defaultdict(list)
        shown, now = [], calls[-1][4] if calls else 0

        def apply(files, call):
            name, file, offset, length, _, content = call
            key = pathlib.Path(file).name
            if name == "unlink":
                files.pop(key, None)
                return
            data = files.setdefault(key, bytearray())
            if name.startswith("ftruncate"):
                del data[length:]
                data.extend(bytes(length - len(data)))
            else:
                data.extend(bytes(max(0, offset - len(data))))
                data[offset:offset + len(content)] = content

        for call in calls:
            name, file = call[:2]
            if file == "shown":
                shown.append(call)
            elif name in ("fdatasync", "fsync"):
                for waiting in pending.pop(file, []):
                    apply(synced, waiting)
            else:
                pending[file].append(call)
        for waiting in pending.values():
            for call in waiting:
                if kind == "everything" or kind == "some" and chance.random() < 0.5:
                    apply(synced, call)
        # The index of the log is shared memory: it goes with the power.
        folder = home.database.parent
        shutil.rmtree(folder)
        folder.mkdir()
        for name, content in synced.items():
            if not name.endswith("-shm"):
                (folder / name).write_bytes(content)
        home.check()
        events = [(moment, json.loads(line)) for *_, moment, output in shown for line in output.split(b"\n") if line]
        content = home.query(
            "SELECT r.content FROM ai_messages q LEFT JOIN ai_messages r ON r.reply_to = q.id WHERE q.content = ?", message)
        expect(content or not events, f"the message is lost after {len(calls)} calls ({kind})")
        safe = "".join(event.get("content", "") for moment, event in events if moment < now - 1)
        stored = content[0][0] or "" if content else ""
        expect(stored.startswith(safe) and message.replace("|", "").startswith(stored), f"{len(calls)} calls ({kind}): {stored!r}, {safe!r}")
        if any(event["type"] == "done" for _, event in events):
            expect(stored == message.replace("|", ""), f"{len(calls)} calls ({kind}): done was shown")

    def remove(self):
        """Takes everything away."""
        shutil.rmtree(self.folder, ignore_errors=True)


def torture(tally, programs, simulator, step, parallel, seed):
    """Breaks every `step`th call in every way."""
    faults = Faults(programs, simulator)
    if faults.library is None:
        tally.say("SKIPPED faults of single calls: there is no C compiler (clang or cc)")
        return
    jobs = []
    sample = faults.copy(faults.template, "sample")
    sends = faults.count(sample, *faults.words("sample" + "|".join(PIECES)))
    creation = faults.count(faults.copy(faults.empty, "sample-creation"), "legacies", "add", "Rose")
    for check, count, what in [(faults.check_send, len(sends), "send"), (faults.check_creation, len(creation), "legacies add")]:
        for index, (number, (deed, is_sticky)) in enumerate((number, deed) for number in range(1, count + 1) for deed in DEEDS):
            if index % step == 0:
                name = f"{what}, call {number}: {deed}{' from then on' if is_sticky else ''}"
                jobs.append(lambda _, arguments=(check, index, number, deed, is_sticky), name=name: tally.attempt(
                    name, lambda: arguments[0](*arguments[1:])))
    in_parallel(parallel, jobs)
    tally.say(f"faults: {len(jobs)} at {len(sends)} calls of send and {len(creation)} of legacies add, in {len(DEEDS)} ways")
    tally.attempt("the power goes", lambda: faults.check_power(tally, seed))
    if tally.failed == 0:
        faults.remove()
    else:
        tally.say(f"kept for a look: {faults.folder}")
