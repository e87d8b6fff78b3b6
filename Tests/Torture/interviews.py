"""Runs random interviews on a service that throttles and cuts, ends them at random moments in every way, runs them again,
and checks that each question was asked and answered once, in order, and that the last output is whole."""

import collections
import csv
import io
import json
import random
import signal
import time

from harness import Home, Watched, expect, in_parallel, signal_name

#: How a run is ended early; `None` is a reader who goes away.
WAYS = [signal.SIGKILL, signal.SIGKILL, signal.SIGINT, signal.SIGTERM, signal.SIGHUP, None]
NAMES = ["Rose", "Ben \"B.\" O’Neil", "Žofie", "薔薇", "{name}"]
#: How many runs an interview may take at most.
RUNS = 100


class Interview:
    """One interview, from the first run to the one that ends it."""

    def __init__(self, programs, simulator, seed):
        self.random = random.Random(seed)
        self.home = Home(programs, simulator)
        self.names = self.random.sample(NAMES, self.random.randint(1, len(NAMES)))
        self.questions = [
            (f"q{number}" if self.random.random() < 0.5 else "", f"Question {number} about {{name}},\n\"or\" not? {self.random.getrandbits(40):x}")
            for number in range(self.random.randint(1, 25))]
        self.format = self.random.choice(["csv", "ndjson", "json"])
        self.model = f"simulator.unreliable-{self.random.choice([5, 7, 50])}-{self.random.choice([4, 10, 50])}:{seed}"
        self.kills = self.random.randint(0, 6)
        self.endings = collections.Counter()
        #: The questions that were told as answered just now.
        self.fresh = []

    def write(self):
        """Writes the file of questions; its name."""
        file = self.home.folder / f"life.{self.format}"
        rows = [{"id": number, "question": text} for number, text in self.questions]
        if self.format == "csv":
            text = io.StringIO(newline="")
            writer = csv.DictWriter(text, ["question", "id"])
            writer.writeheader()
            writer.writerows(rows)
            file.write_bytes(text.getvalue().encode())
        elif self.format == "json":
            file.write_text(json.dumps(rows, indent=1))
        else:
            file.write_text("".join(json.dumps(row) + "\n" for row in rows))
        return file.name

    def run(self):
        """Runs it until it ends well, and checks."""
        for name in self.names:
            self.home.succeed("legacies", "add", "--", name)
        file = self.write()
        for _ in range(RUNS):
            jobs = self.random.choice(["1", "2", "5", "16"])
            program = Watched(
                self.home, "interview", "--questions", file, "--all-legacies", "--jobs", jobs, "-o", "ndjson", "--model", self.model,
                "--max-attempts", self.random.choice(["1", "3", "6"]))
            if self.kills > 0:
                self.kills -= 1
                time.sleep(self.random.uniform(0, 1.5))
                way = self.random.choice(WAYS)
                if way is None:
                    program.close_reader()
                else:
                    program.process.send_signal(way)
            status, errors = program.end()
            self.endings[signal_name(status)] += 1
            self.note(program.shown())
            if status == 0:
                self.check(program.shown())
                self.home.remove()
                return
            allowed = [75] + [-(signal.SIGPIPE if way is None else way) for way in WAYS]
            expect(status in allowed, f"ended with {signal_name(status)}: {errors.strip()}")
        expect(False, f"not done after {RUNS} runs: {dict(self.endings)}")

    def note(self, output):
        """Notes what was answered; the last line of a run that was killed may be cut."""
        for line in output.split(b"\n")[:-1]:
            event = json.loads(line)
            if event["type"] == "answer" and not event["replayed"]:
                self.fresh.append((event["legacy_id"], event["id"]))

    def check(self, output):
        """Everything is there once, in what was said last and in what is stored."""
        expect(len(set(self.fresh)) == len(self.fresh), "a question was answered twice")
        events = [json.loads(line) for line in output.split(b"\n")[:-1]]
        expect(output.endswith(b"\n") and events[0]["type"] == "interview" and events[-1]["type"] == "summary", "the output is not whole")
        expect(events[-1]["answered"] + events[-1]["replayed"] == len(self.names) * len(self.questions), f"{events[-1]}")
        for name in self.names:
            asked = [text.replace("{name}", name) for _, text in self.questions]
            told = [event for event in events if event["type"] == "answer" and event["legacy_name"] == name]
            expect([event["question"] for event in told] == asked, f"told about {name}: {[event['question'] for event in told]}")
            rows = self.home.query(
                "SELECT q.content, q.status, a.id, a.content, a.status FROM ai_conversations c JOIN legacies l ON l.id = c.legacy_id"
                " JOIN ai_messages q ON q.conversation_id = c.id AND q.role = 'user'"
                " LEFT JOIN ai_messages a ON a.reply_to = q.id AND a.status <> 'superseded'"
                " WHERE l.name = ? AND c.name = 'life' ORDER BY q.seq", name)
            expect([row[0] for row in rows] == asked, f"stored about {name}: {[row[0] for row in rows]}")
            expect(all(row[1] == row[4] == "complete" for row in rows), f"statuses about {name}: {[row[1::3] for row in rows]}")
            expect([(row[2], row[3]) for row in rows] == [(event["message_id"], event["content"]) for event in told], "told is not what is stored")
        self.home.check_settled()
        self.home.check()


def torture(tally, programs, simulator, count, parallel, seed):
    """Runs `count` interviews, some at a time."""
    endings = collections.Counter()

    def job(index):
        def run(_):
            interview = Interview(programs, simulator, f"{seed}-{index}")
            if not tally.attempt(f"interview {seed}-{index}", interview.run):
                tally.say(f"kept for a look: {interview.home.folder}")
            endings.update(interview.endings)
        return run

    in_parallel(min(parallel, 4), [job(index) for index in range(count)])
    tally.say(f"interviews: {count}, ended {', '.join(f'{number} × {name}' for name, number in sorted(endings.items()))}")
