"""Breaks every call of a `restore` that changes a file, and looks at what is in the database's place."""

import errno
import pathlib
import shutil
import signal
import sqlite3

from faults import Faults
from harness import expect, in_parallel, signal_name

#: What may happen to a call, and whether it goes on happening.
DEEDS = [
    ("kill", False), ("half", False), ("after", False), ("short", False), (str(errno.EIO), False), (str(errno.ENOSPC), False),
    (str(errno.EIO), True), (str(errno.ENOSPC), True),
]


def contents(database):
    """The texts of all messages in a database, whose write-ahead log counts."""
    connection = sqlite3.connect(f"file:{database}?mode=rw", uri=True, timeout=60)
    try:
        expect(connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)], f"{database} is damaged")
        return [text for (text,) in connection.execute("SELECT content FROM ai_messages ORDER BY conversation_id, seq")]
    finally:
        connection.close()


class Restores(Faults):
    """Homes with a backup, and a database that went on after it and was not closed: its last words are in the log alone."""

    def prepare(self):
        """Makes the backup and the log."""
        self.template.succeed("backup", str(self.template.folder / "copy"))
        source = self.template.database
        other = self.folder / "unclosed.sqlite3"
        shutil.copy(source, other)
        connection = sqlite3.connect(other, isolation_level=None)
        connection.execute("PRAGMA wal_autocheckpoint = 0")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("UPDATE ai_messages SET content = 'The last memory.' WHERE role = 'user'")
        # As a killed process leaves them.
        for suffix in ("", "-wal"):
            shutil.copy(f"{other}{suffix}", f"{source}{suffix}")
        connection.close()
        self.old = ["The last memory.", "The first memory."]
        self.new = ["The first memory.", "The first memory."]

    def check_restore(self, index, number, deed, is_sticky):
        """Breaks one call."""
        home = self.copy(self.template, f"restore-{index}")
        more = {"FAULT_ALWAYS": "1"} if is_sticky else {}
        ended = home.run(
            "restore", str(home.folder / "copy"), **self.variables(home, FAULT_AT=str(number), FAULT_DO=deed, **more))
        is_killed = deed in ("kill", "half", "after")
        wanted = (0,) if deed == "short" else (-signal.SIGKILL, 0) if is_killed else (74, 75, 0)
        expect(ended.returncode in wanted, f"ended with {signal_name(ended.returncode)}: {ended.stderr.strip()}")
        found = contents(home.database)
        expect(found in (self.old, self.new), f"in place is {found}")
        if ended.returncode == 0:
            expect(found == self.new, "status 0, but the old database is in place")
        kept = pathlib.Path(f"{home.database}.before-restore.backup")
        if found == self.new:
            expect(kept.exists() and contents(kept) == self.old, "the old database is lost")
        # Whatever was left behind, it can be done again, and goes on.
        home.succeed("restore", str(home.folder / "copy"))
        expect(contents(home.database) == self.new, "restoring again does not work")
        home.succeed("send", "--model", "simulator.echo", "On we go.")
        home.check()
        left = [file.name for file in home.database.parent.iterdir() if file.name.endswith(".partial")]
        expect(left == [], f"left behind: {left}")
        shutil.rmtree(home.folder)


def torture(tally, programs, simulator, step, parallel):
    """Breaks every `step`th call in every way."""
    restores = Restores(programs, simulator)
    try:
        if restores.library is None:
            tally.say("SKIPPED the restores: no library can be preloaded here")
            return
        restores.prepare()
        calls = restores.count(restores.copy(restores.template, "count"), "restore", str(restores.template.folder / "copy"))
        jobs = []
        for number in range(1, len(calls) + 1, step):
            for deed, is_sticky in DEEDS:
                name = f"restore, call {number} ({calls[number - 1][0]} {calls[number - 1][1]}): {deed}{' for good' if is_sticky else ''}"
                index = len(jobs)

                def job(slot, index=index, number=number, deed=deed, is_sticky=is_sticky, name=name):
                    tally.attempt(name, lambda: restores.check_restore(index, number, deed, is_sticky))

                jobs.append(job)
        in_parallel(parallel, jobs)
        tally.say(f"restores: {len(calls)} calls, {len(jobs)} broken")
    finally:
        shutil.rmtree(restores.folder, ignore_errors=True)
