"""Measures search, recall and deletion in a large database, and prints times as Markdown tables.

    search.py [--messages N] [--runs N] FOLDER

FOLDER holds the programs of a build. Messages (default: 1,000,000) have 18 words and replies 50, out of 60,000 different
ones by Zipf's law, in conversations of 1,000. One word more stands in a tenth of them, another in ten of them. Times are
those of whole commands, from exec to exit: medians, each command run once before.
"""

import argparse
import itertools
import json
import pathlib
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import uuid

LENGTH = 1000
TIME = "2026-01-01T00:00:00.000Z"
COMMON, RARE = "marzipan", "zibeline"


def vocabulary(source):
    """Words that look like words, the most common first."""
    consonants, vowels, words = "bcdfghklmnprstvwz", "aeiou", {}
    while len(words) < 60_000:
        syllables = (source.choice(consonants) + source.choice(vowels) for _ in range(source.randint(2, 4)))
        words["".join(syllables) + source.choice(consonants)] = None
    return list(words)


def archive(path, count, words, source):
    """Writes an export."""
    weights = list(itertools.accumulate(1 / (number + 2) for number in range(len(words))))
    rare = {count // 20 * number + 1 for number in range(10)}
    legacy = {"id": identifier(source), "name": "Rose", "created_at": TIME, "updated_at": TIME}
    with open(path, "w", encoding="utf-8") as file:
        def line(kind, fields):
            file.write(json.dumps({"type": kind, **fields}) + "\n")

        line("export", {"format_version": 3})
        line("legacy", legacy)
        for start in range(0, count, LENGTH):
            conversation = identifier(source)
            line("conversation", {
                "id": conversation, "legacy_id": legacy["id"], "persona_id": "biographer", "name": None,
                "title": f"Talk {start // LENGTH}", "message_count": LENGTH, "last_message_at": TIME, "created_at": TIME,
                "updated_at": TIME})
            question = None
            for number in range(start, start + LENGTH):
                is_reply = number % 2 == 1
                text = source.choices(words, cum_weights=weights, k=50 if is_reply else 18)
                if number % 10 == 0:
                    text.append(COMMON)
                if number in rare:
                    text.append(RARE)
                message = identifier(source)
                line("message", {
                    "id": message, "conversation_id": conversation, "role": "assistant" if is_reply else "user",
                    "content": " ".join(text), "token_count": 70 if is_reply else None, "status": "complete",
                    "stop_reason": "end_turn" if is_reply else None,
                    "model_id": "us.anthropic.claude-sonnet-4-6" if is_reply else None,
                    "input_tokens": 900 if is_reply else None, "cache_read_input_tokens": None,
                    "cache_write_input_tokens": None, "reply_to": question if is_reply else None,
                    "idempotency_key": None, "error_code": None, "created_at": TIME})
                question = None if is_reply else message
        line("end", {"conversations": count // LENGTH, "messages": count})


def identifier(source):
    return str(uuid.UUID(int=source.getrandbits(128), version=4))


class Bench:
    def __init__(self, work, folder):
        self.work, self.program = work, folder / "mosaic-ai"
        self.simulator = subprocess.Popen(
            [folder / "bedrock-simulator", "--chunk-delay", "0", "--exit-with-stdin"], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True)
        ready = json.loads(self.simulator.stdout.readline())
        self.environment = {
            "PATH": "/usr/bin:/bin", "AWS_ENDPOINT_URL": ready["endpoint_url"], "AWS_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": ready["access_key_id"], "AWS_SECRET_ACCESS_KEY": ready["secret_access_key"]}

    def run(self, home, *arguments):
        """Runs a command. Gives the seconds it took, and its output."""
        start = time.monotonic()
        process = subprocess.run(
            [self.program, *arguments], env=self.environment | {"HOME": str(self.work / home)},
            stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        seconds = time.monotonic() - start
        if process.returncode != 0:
            sys.exit(f"{' '.join(arguments)} failed with {process.returncode}: {process.stderr}")
        return seconds, process.stdout

    def row(self, title, home, runs, *arguments):
        """Prints the median time of a command."""
        self.run(home, *arguments)
        row(title, statistics.median(self.run(home, *arguments)[0] for _ in range(runs)))


def row(title, seconds):
    print(f"| {title} | {seconds * 1000:,.1f} ms |" if seconds < 1 else f"| {title} | {seconds:.1f} s |", flush=True)


def heading(what):
    print(f"\n| {what} | time |\n| --- | --- |", flush=True)


def measure(bench, count, runs):
    source = random.Random(count)
    words = vocabulary(source)
    sizes = {"small": LENGTH, "large": count}
    heading("making the database")
    for home, size in sizes.items():
        (bench.work / home).mkdir()
        exported = bench.work / f"{home}.ndjson"
        archive(exported, size, words, source)
        row(f"`import`, {size:,} messages", bench.run(home, "import", str(exported))[0])
        row(f"the first `search`, {size:,} messages", bench.run(home, "search", RARE)[0])

    heading(f"`search`, {count:,} messages")
    queries = {
        "a word that a tenth of the messages have": COMMON,
        "a word that 10 messages have": RARE,
        "two common words": f"{words[2]} {words[3]}",
        "`ten*`, the beginning of words": f"{words[40][:3]}*",
        "two letters, within words": words[500][:2],
        "a word that is not there, with a common one": f"xylophonist {words[2]}",
        "two very common words in quotes": f'"{words[0]} {words[1]}"',
    }
    for title, query in queries.items():
        bench.row(title, "large", runs, "search", query)

    heading("`send --new`")
    letter = " ".join(source.choices(words[10:30_000], k=30))
    messages = {
        "three ordinary words": " ".join(source.choices(words[100:2000], k=3)),
        "three rare words": " ".join(source.choices(words[20_000:40_000], k=3)), "a letter of thirty words": letter,
        "three very common words": " ".join(words[:3]),
    }
    for home, size in sizes.items():
        bench.row(f"{size:,} messages, nothing recalled", home, 3 * runs, "send", "--new", "--recall-tokens", "0", letter)
        for title, text in messages.items():
            bench.row(f"{size:,} messages, {title}", home, 3 * runs, "send", "--new", text)

    heading("deleting")
    for home, size in sizes.items():
        found = json.loads(bench.run(home, "search", COMMON, "-o", "json", "--limit", str(runs))[1])
        row(f"`delete --message`, of {size:,} messages", statistics.median(
            bench.run(home, "delete", "--message", message["message_id"], "--yes")[0] for message in found))
        # Those of one exchange were made above.
        fresh = json.loads(bench.run(home, "conversations", "-o", "json", "--limit", str(runs))[1])
        row(f"`delete`, a conversation of 2 of {size:,} messages", statistics.median(
            bench.run(home, "delete", conversation["id"], "--yes")[0] for conversation in fresh))
        row(f"`delete`, a conversation of {LENGTH:,} of {size:,} messages", bench.run(
            home, "delete", found[0]["conversation_id"], "--yes")[0])


def main():
    parser = argparse.ArgumentParser(usage=__doc__.strip().split("\n\n")[1].strip())
    parser.add_argument("--messages", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("folder", type=pathlib.Path)
    options = parser.parse_args()
    work = pathlib.Path(tempfile.mkdtemp(prefix="mosaic-ai-search-"))
    bench = Bench(work, options.folder.resolve())
    try:
        measure(bench, options.messages // LENGTH * LENGTH, options.runs)
    finally:
        bench.simulator.terminate()
        bench.simulator.wait()
        shutil.rmtree(work)


main()
