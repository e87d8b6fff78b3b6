"""Measures mosaic-ai on a large database, and prints CPU time and peak memory as a Markdown table.

    scale.py [--messages N] [--runs N] FOLDER [FOLDER…]

Each folder holds the programs of one build. All of them get a copy of the same database, which version 1 could have made:
one conversation of N messages (default: 1,000,000), and one of 40 to delete. Standard output goes to /dev/null. CPU time
is user and system time, which other programs on the machine disturb less than the time that passes.
"""

import argparse
import os
import pathlib
import random
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import uuid

ROOT = pathlib.Path(__file__).resolve().parent.parent
LONG, SHORT = "a0000000-0000-4000-8000-000000000001", "b0000000-0000-4000-8000-000000000002"
USER, LEGACY = "00000000-0000-4000-8000-0000000000aa", "00000000-0000-4000-8000-0000000000bb"
TIME = "2026-01-01T00:00:00.000Z"
WORDS = "Rose sang while she made jam and the kitchen smelled of plums in the year that the river froze over".split()


def schema():
    """The tables of version 1, and their indexes apart."""
    lines = (ROOT / "Tests/Fixtures/database-1.sql").read_text(encoding="utf-8").split("\n")
    statements, statement = [], []
    for line in lines:
        if statement or line.startswith("CREATE "):
            statement.append(line)
            if line.endswith(";"):
                statements.append("\n".join(statement))
                statement = []
    tables = [statement for statement in statements if statement.startswith("CREATE TABLE")]
    return tables, [statement for statement in statements if statement not in tables]


def identifier(source):
    return str(uuid.UUID(int=source.getrandbits(128), version=4))


def messages(source, conversation, count):
    """Rows of questions and replies, with texts of some 100 and 300 characters."""
    for index in range(count // 2):
        seconds = index * 60
        day, rest = 1 + seconds // 86400 % 28, seconds % 86400
        time = f"2026-{1 + seconds // 86400 // 28 % 12:02}-{day:02}T{rest // 3600:02}:{rest // 60 % 60:02}:00.{index % 1000:03}Z"
        question = identifier(source)
        text = " ".join(source.choices(WORDS, k=20))
        yield (question, conversation, 2 * index + 1, "user", f"{index}: {text}", None, "complete", None, None, None, None, time)
        text = "\n".join(" ".join(source.choices(WORDS, k=20)) for _ in range(3))
        yield (identifier(source), conversation, 2 * index + 2, "assistant", text, 80, "complete", "end_turn",
               "us.anthropic.claude-sonnet-4-6", 1200, question, time)


def make(path, count):
    """Makes the database."""
    source = random.Random(count)
    tables, indexes = schema()
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA application_id = 1297044289")
    connection.execute("PRAGMA cache_size = -400000")
    connection.execute("BEGIN")
    for table in tables:
        connection.execute(table)
    connection.execute("INSERT INTO users VALUES (?, 'ada', ?)", (USER, TIME))
    connection.execute("INSERT INTO legacies VALUES (?, 'Rose', ?, ?)", (LEGACY, TIME, TIME))
    connection.execute("INSERT INTO legacy_members VALUES (?, ?, 'owner', ?)", (LEGACY, USER, TIME))
    for activity, (conversation, length) in enumerate([(SHORT, 40), (LONG, count)], 1):
        connection.execute(
            "INSERT INTO ai_conversations VALUES (?, ?, ?, 'biographer', 'Plums', ?, ?, ?, ?, ?)",
            (conversation, USER, LEGACY, length, TIME, activity, TIME, TIME))
        connection.executemany(
            """INSERT INTO ai_messages (id, conversation_id, seq, role, content, token_count, status, stop_reason, model_id,
                 input_tokens, reply_to, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
            messages(source, conversation, length))
    for index in indexes:
        connection.execute(index)
    connection.execute("PRAGMA user_version = 1")
    connection.execute("COMMIT")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()


class Bench:
    def __init__(self, work):
        self.work = work
        self.spawner = work / "spawn"
        compiler = next((name for name in ["cc", "clang"] if shutil.which(name)), None)
        if not compiler:
            sys.exit("scale: a C compiler is needed (cc or clang)")
        subprocess.run([compiler, "-O2", "-o", self.spawner, ROOT / "Benchmarks/spawn.c"], check=True)

    def run(self, home, program, *arguments, output=os.devnull):
        """Runs a command. Gives the CPU seconds it took, and its peak memory in KiB."""
        reading, writing = os.pipe()
        environment = {"PATH": os.environ["PATH"], "HOME": str(home), "MOSAIC_AI_USER": "ada"}
        environment |= {"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": "x"}
        with open(output, "wb") as file:
            process = subprocess.run(
                [self.spawner, str(writing), "1", program, *arguments], env=environment, pass_fds=[writing],
                stdout=file, stderr=subprocess.PIPE, check=False)
        os.close(writing)
        if process.returncode != 0:
            sys.exit(f"{program} {' '.join(arguments)} failed with {process.returncode}: {process.stderr.decode()}")
        with os.fdopen(reading) as report:
            _, _, cpu, peak = map(float, report.read().split())
        return cpu, peak


def database(home):
    return home / ".local/share/mosaic-ai/mosaic-ai.sqlite3"


def measure(bench, name, folder, count, original, runs, results):
    """Measures all commands of one build."""
    program = folder / "mosaic-ai"
    home = bench.work / f"{name}-{count}"
    database(home).parent.mkdir(parents=True, mode=0o700)
    shutil.copy(original, database(home))
    # A newer version migrates the database first.
    results.setdefault((count, "first command, which may migrate"), {})[name] = bench.run(home, program, "conversations")
    middle = str(count // 2)
    quick = {
        "`history --tail 50`": ["history", LONG, "--tail", "50"],
        "`history --limit 50`": ["history", LONG, "--limit", "50"],
        "`history --limit 50`, in the middle": ["history", LONG, "--limit", "50", "--offset", middle],
        "`history --all --limit 50`, in the middle": ["history", LONG, "--all", "--limit", "50", "--offset", middle],
        "`conversations`": ["conversations"],
        "`doctor`": ["doctor"],
    }
    slow = {
        "`history`": ["history", LONG],
        "`history -o json`": ["history", LONG, "-o", "json"],
        "`history -o ndjson`": ["history", LONG, "-o", "ndjson"],
        "`export`": ["export", LONG],
        "`export -o html`": ["export", LONG, "-o", "html"],
        "`export -o json`": ["export", LONG, "-o", "json"],
    }
    for title, command in quick.items():
        samples = [bench.run(home, program, *command) for _ in range(runs)]
        results.setdefault((count, title), {})[name] = tuple(map(statistics.median, zip(*samples)))
    for title, command in slow.items():
        results.setdefault((count, title), {})[name] = bench.run(home, program, *command)
    exported = home / "export.ndjson"
    results.setdefault((count, "`export -o ndjson`"), {})[name] = bench.run(
        home, program, "export", "--legacy", "Rose", "-o", "ndjson", output=exported)
    other = home / "other"
    other.mkdir()
    for title in ["`import`", "`import`, all there already"]:
        results.setdefault((count, title), {})[name] = bench.run(other, program, "import", str(exported))
    results.setdefault((count, "`backup`"), {})[name] = bench.run(home, program, "backup", str(home / "copy"))
    results.setdefault((count, "`delete`, 40 messages"), {})[name] = bench.run(home, program, "delete", SHORT, "--yes")
    shutil.rmtree(home)


def main():
    parser = argparse.ArgumentParser(usage=__doc__.strip().split("\n\n")[1].strip())
    parser.add_argument("--messages", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("folders", nargs="+", type=pathlib.Path)
    options = parser.parse_args()
    work = pathlib.Path(tempfile.mkdtemp(prefix="mosaic-ai-scale-"))
    results, names = {}, [f"build {index + 1}" for index in range(len(options.folders))]
    counts = sorted({1000, options.messages})
    try:
        bench = Bench(work)
        for count in counts:
            original = work / f"{count}.sqlite3"
            make(original, count)
            for name, folder in zip(names, options.folders):
                measure(bench, name, folder.resolve(), count, original, options.runs, results)
    finally:
        shutil.rmtree(work)
    columns = [(count, name) for count in counts for name in names]
    print("| command | " + " | ".join(f"{name}, {count:,} messages" for count, name in columns) + " |")
    print("| --- |" + " --- |" * len(columns))
    for title in dict.fromkeys(title for _, title in results):
        cells = []
        for count, name in columns:
            cpu, peak = results[(count, title)][name]
            time = f"{cpu * 1000:,.0f} ms" if cpu < 1 else f"{cpu:.1f} s"
            cells.append(f"{time}, {peak / 1024:.0f} MiB")
        print(f"| {title} | " + " | ".join(cells) + " |")


main()
