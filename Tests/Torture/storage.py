"""A disk without room, and a database that somebody else holds."""

import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

from harness import Home, Watched, expect

#: What turns a folder into a small disk, in a namespace of its own.
SMALL_DISK = 'mount -t tmpfs -o size=2m tmpfs "$1" && shift && exec "$@"'


class Place:
    """Stands for the simulator where only its address is known."""

    def __init__(self, endpoint):
        self.endpoint = endpoint


def fill(path, leaving):
    """Leaves this many bytes free on the disk."""
    space = os.statvfs(path.parent)
    path.write_bytes(bytes(max(0, space.f_bavail * space.f_frsize - leaving)))


def full_disk(programs, endpoint, folder):
    """Within the small disk: sends with more and more room, and makes room afterwards."""
    statuses = []
    ballast = pathlib.Path(folder) / "ballast"
    home = Home(programs, Place(endpoint), folder)
    home.succeed("legacies", "add", "Rose")
    for index, leaving in enumerate(range(0, 480 << 10, 20 << 10)):
        message = f"full-{index} " + "|".join([f"plum{index} " * 20] * 40)
        fill(ballast, leaving)
        ended = home.run("send", "--new", "-o", "ndjson", "--model", "simulator.text-chunks-20", message)
        statuses.append(ended.returncode)
        ballast.unlink()
        events = [json.loads(line) for line in ended.stdout.splitlines()]
        expect(ended.returncode in (0, 74), f"{leaving} bytes left: ended with {ended.returncode}: {ended.stderr}")
        home.check()
        rows = home.query("SELECT id, conversation_id FROM ai_messages WHERE role = 'user' AND content = ?", message.rstrip())
        expect(len(rows) <= 1 and (rows or not any(event["type"] == "start" for event in events)), f"{leaving} bytes left: the message is lost")
        if rows:
            retry = home.run("send", "--retry", "--conversation", rows[0][1], "--model", "simulator.text-chunks-0")
            expect(retry.returncode in (0, 66), f"--retry ended with {retry.returncode}: {retry.stderr}")
            replies = home.query("SELECT content FROM ai_messages WHERE reply_to = ? AND status = 'complete'", rows[0][0])
            expect(replies == [(message.rstrip().replace("|", ""),)], f"{leaving} bytes left: {len(replies)} replies")
            home.succeed("delete", rows[0][1], "--yes")
    home.check_settled()
    print(f"full disk: {statuses.count(74)} sends refused with status 74, {statuses.count(0)} had room")
    expect(0 in statuses and 74 in statuses, f"the disk was never full, or always: {statuses}")


def torture_disk(tally, programs, simulator):
    """Runs `full_disk` where a small disk can be had."""
    folder = tempfile.mkdtemp(prefix="mosaic-ai-torture-")
    here = pathlib.Path(__file__).with_name("storage.py")
    small = ["unshare", "--map-root-user", "--mount", "sh", "-c", SMALL_DISK, "sh", folder]
    try:
        if shutil.which("unshare") is None or subprocess.run([*small, "true"], capture_output=True, check=False).returncode != 0:
            tally.say("SKIPPED the full disk: no small disk can be mounted here (unshare, user namespaces)")
            return
        command = [*small, sys.executable, str(here), str(programs), simulator.endpoint, folder]

        def run():
            ended = subprocess.run(command, capture_output=True, text=True, check=False)
            expect(ended.returncode == 0, (ended.stdout + ended.stderr).strip().split("\n")[-1])
            tally.say(ended.stdout.strip())

        tally.attempt("full disk", run)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def locked(home, seconds, begin):
    """A reply comes while somebody holds the database, and is not shown, since it cannot be stored; or, from the beginning,
    a send waits for it."""
    message = f"locked {begin} " + "|".join(f"{index} " for index in range(30))
    connection = sqlite3.connect(home.database, isolation_level=None, check_same_thread=False)
    program = Watched(home, "send", "--new", "--model", "simulator.text-chunks-50", message) if begin == "within" else None
    while program is not None and not program.shown():
        time.sleep(0.01)
    connection.execute("BEGIN IMMEDIATE")
    began = time.monotonic()
    release = threading.Timer(seconds, lambda: connection.execute("COMMIT"))
    release.start()
    program = program or Watched(home, "send", "--new", "--model", "simulator.text-chunks-50", message)
    # Reading goes on meanwhile.
    home.succeed("conversations")
    expect(time.monotonic() - began < seconds, "a reader waited for the writer")
    status, errors = program.end()
    release.join()
    connection.close()
    expect(status == 0, f"ended with {status}: {errors}")
    expect(time.monotonic() - began >= seconds, "nobody held the database")
    if begin == "within":
        shown = [moment - began for moment, _ in program.pieces]
        expect(not any(1.5 < moment < seconds - 0.1 for moment in shown), f"shown while the database was held: {shown}")
    rows = home.query("SELECT r.content FROM ai_messages q JOIN ai_messages r ON r.reply_to = q.id WHERE q.content = ?", message.rstrip())
    expect(rows == [(message.rstrip().replace("|", ""),)], f"stored: {rows}")
    home.check()


def torture_locks(tally, programs, simulator, seconds):
    """Holds the database for so long, before a send and within one."""
    home = Home(programs, simulator)
    home.succeed("legacies", "add", "Rose")
    for begin in ("before", "within"):
        if tally.attempt(f"a database held for {seconds} s, {begin} a send", lambda: locked(home, seconds, begin)):
            tally.say(f"locks: a database held for {seconds} s {begin} a send, which waited and lost nothing")
    home.remove()


if __name__ == "__main__":
    full_disk(pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3])
