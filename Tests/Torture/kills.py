"""Ends the program at random moments of a slow reply, in every way a process can end, and looks at what is left."""

import collections
import json
import random
import signal
import time

from harness import Home, Watched, expect, in_parallel, signal_name

#: How a reply is ended; `None` is a reader who goes away.
WAYS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, None]
WORDS = "Rose sang while she made jam, and the kitchen smelled of plums, ÄÖÜ, 薔薇, שושנה, 🌹👩🏽‍🌾, é".split()


class Kill:
    """One reply that is ended early, and what must be so afterwards."""

    def __init__(self, home, seed, way):
        self.home = home
        self.random = random.Random(seed)
        self.way = way
        self.format = self.random.choice(["text", "ndjson"])
        chunks = [f" {self.random.choice(WORDS)}{self.random.randrange(1000)}" for _ in range(40)]
        self.message = f"kill-{seed}-{self.random.getrandbits(64):x}" + "|".join(chunks)
        self.reply = self.message.replace("|", "")
        # Some in the first tenths of a second, when things are created, the rest at any time until after the end.
        self.delay = self.random.uniform(0, 0.4) if self.random.random() < 0.25 else self.random.uniform(0, 3.2)
        self.stage = ""

    def run(self):
        """Ends it, and checks."""
        pace = self.random.choice([20, 50, 60])
        program = Watched(self.home, "send", "--new", "-o", self.format, "--model", f"simulator.text-chunks-{pace}", self.message)
        time.sleep(self.delay)
        moment = time.monotonic()
        if self.way is None:
            program.close_reader()
        else:
            program.process.send_signal(self.way)
        status, errors = program.end()
        self.check_ending(status, errors)
        # Only SIGKILL gives no chance to save the last second.
        safe = program.shown(moment - 1) if self.way == signal.SIGKILL else program.shown()
        self.check_stored(self.text(safe), self.text(program.shown()))
        self.check_going_on()

    def text(self, output):
        """The reply in what was shown; None if nothing was, not even that the message is stored."""
        if self.format == "text":
            text = output.decode("utf-8", "ignore")
            return text if text else None
        events = [json.loads(line) for line in output.split(b"\n")[:-1] if line]
        return "".join(event["content"] for event in events if event["type"] == "chunk") if events else None

    def check_ending(self, status, errors):
        """It died by the signal, or had finished before."""
        wanted = -(signal.SIGPIPE if self.way is None else self.way)
        expect(status in (wanted, 0), f"ended with {signal_name(status)}: {errors.strip()}")

    def find(self):
        """The conversation and the messages of this kill, straight from the file."""
        rows = self.home.query("SELECT id, conversation_id, status FROM ai_messages WHERE role = 'user' AND content = ?", self.message)
        expect(len(rows) <= 1, f"the message is there {len(rows)} times")
        if not rows:
            return None
        question, conversation, status = rows[0]
        replies = self.home.query("SELECT content, status FROM ai_messages WHERE reply_to = ? ORDER BY attempt", question)
        return conversation, status, replies

    def check_stored(self, safe, shown):
        """What was shown long enough ago is there, and nothing is that was not sent."""
        if self.random.random() < 0.5:
            self.home.check()
        found = self.find()
        if found is None:
            expect(safe is None, "the message is lost, though something was shown")
            self.stage = "before the message was stored"
            return
        conversation, _, replies = found
        expect(len(replies) <= 1, f"{len(replies)} replies")
        stored = replies[0][0] if replies else ""
        # The line break at the end of a text is not part of the reply.
        safe = (safe or "").rstrip("\n")
        expect(self.reply.startswith(stored), f"stored what was not sent: {stored[-80:]!r}")
        expect(self.reply.startswith((shown or "").rstrip("\n")), f"showed what was not sent: {shown!r}")
        expect(stored.startswith(safe), f"lost {len(safe) - len(stored)} characters that were shown in time")
        self.stage = "before the first piece" if not stored else "complete" if replies[0][1] == "complete" else "within the reply"

    def check_going_on(self):
        """The next command settles it, and the message can be sent again, without a second copy."""
        found = self.find()
        if found is None:
            self.home.check()
            return
        conversation, _, before = found
        messages = self.home.json("history", conversation)["messages"]
        statuses = [message["status"] for message in messages]
        expect(statuses in (["failed"], ["complete", "interrupted"], ["complete", "complete"]), f"settled as {statuses}")
        retry = self.home.run("send", "--retry", "--conversation", conversation, "--model", "simulator.text-chunks-0")
        expect(retry.returncode == (66 if statuses[-1] == "complete" else 0), f"--retry ended with {retry.returncode}: {retry.stderr.strip()}")
        _, status, replies = self.find() or (None, None, [])
        expect(status == "complete", f"the message is {status} after --retry")
        expect([content for content, status in replies if status != "superseded"] == [self.reply], f"replies after --retry: {replies}")
        # Text that was being synced at the kill may come to light later: SQLite reads the log anew once the last process
        # has left.
        kept = [content for content, _ in replies[:-1]]
        expect(
            not kept or len(kept) == 1 and kept[0].startswith(before[0][0]) and self.reply.startswith(kept[0]),
            f"the first reply has changed from {before!r} to {kept!r}")
        count = self.home.query("SELECT message_count FROM ai_conversations WHERE id = ?", conversation)
        expect(count == [(2,)], f"message_count is {count}")
        self.home.check()


def torture(tally, programs, simulator, count, others, parallel, seed):
    """Ends `count` replies by SIGKILL and `others` in the other ways; four at a time share a database."""
    homes = [Home(programs, simulator) for _ in range((parallel + 3) // 4)]
    for home in homes:
        home.succeed("legacies", "add", "Rose")
    order = [signal.SIGKILL] * count + [WAYS[index % len(WAYS)] for index in range(others)]
    random.Random(seed).shuffle(order)
    stages = collections.Counter()

    def job(index, way):
        def run(slot):
            kill = Kill(homes[slot // 4], f"{seed}-{index}", way)
            name = "closed pipe" if way is None else way.name
            if tally.attempt(f"{name} {seed}-{index} after {kill.delay:.2f} s", kill.run):
                stages[(name, kill.stage)] += 1
        return run

    in_parallel(parallel, [job(index, way) for index, way in enumerate(order)])
    for (name, stage), number in sorted(stages.items()):
        tally.say(f"  {number:5} × {name} {stage}")
    for home in homes:
        if tally.attempt("the databases after all of it", lambda: (home.check_settled(), home.check())):
            home.remove()
        else:
            tally.say(f"kept for a look: {home.folder}")
    tally.say(f"kills: {count} by SIGKILL, {others} by signal or closed pipe")
