"""A database on a PostgreSQL server: crowds, restarts, cut connections, hosts that are cut off, and a server's refusals."""

import collections
import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import threading
import time

import crowd
import kills
from harness import Home, PATIENCE, Simulator, Watched, expect, in_parallel, signal_name
from postgres import Proxy, Server, ServerHome, why_not

#: Nothing of a password may be shown, in any form.
SECRET = "s3cret%2Bword"
SECRETS = ["s3cret", "%2Bword", "+word"]


class Reply:
    """One reply that arrives slowly while something happens to the database."""

    def __init__(self, home, seed, pieces=40, pace=200):
        self.home = home
        self.random = random.Random(seed)
        self.format = self.random.choice(["text", "ndjson"])
        words = [f" {self.random.choice(kills.WORDS)}{self.random.randrange(1000)}" for _ in range(pieces)]
        self.message = f"server-{seed}-{self.random.getrandbits(64):x}" + "|".join(words)
        self.reply = self.message.replace("|", "")
        self.model = f"simulator.text-chunks-{pace}"
        self.lasting = pieces * pace / 1000
        self.program = None

    def start(self, *options, before=()):
        """Sends it."""
        self.program = Watched(
            self.home, "send", "--new", "-o", self.format, "--model", self.model, *options, self.message, before=before)

    def wait_for_text(self):
        """Until the first word is there."""
        end = time.monotonic() + PATIENCE
        while not self.text():
            expect(time.monotonic() < end and self.program.process.poll() is None, "no word came")
            time.sleep(0.01)

    def text(self, until=None):
        """What was shown of the reply, or was by then."""
        return kills.Kill.text(self, self.program.shown(until)) or ""

    def question(self):
        """The id, the conversation and the status of the message; None if it is not there."""
        rows = self.home.query("SELECT id, conversation_id, status FROM ai_messages WHERE role = 'user' AND content = ?", self.message)
        expect(len(rows) <= 1, f"the message is there {len(rows)} times")
        return rows[0] if rows else None

    def replies(self):
        """Text and status of what is stored of replies to it."""
        return self.home.query(
            "SELECT r.content, r.status FROM ai_messages r JOIN ai_messages q ON q.id = r.reply_to WHERE q.content = ? ORDER BY r.attempt",
            self.message)

    def check_stored(self, moment):
        """What was shown a second before that moment is in the database."""
        safe, replies = self.text(moment - 1).rstrip("\n"), self.replies()
        stored = replies[0][0] if replies else ""
        expect(self.reply.startswith(stored), f"stored what was not sent: {stored[-80:]!r}")
        expect(stored.startswith(safe), f"lost {len(safe) - len(stored)} characters that were shown in time")

    def check_complete(self, status, errors):
        """It was shown whole, and is there once."""
        expect(status == 0, f"ended with {signal_name(status)}: {errors.strip()} {self.last_event()}")
        expect(self.text().removesuffix("\n") == self.reply, f"shown: …{self.text()[-80:]!r}")
        expect(self.replies() == [(self.reply, "complete")], f"stored: {[(text[-40:], status) for text, status in self.replies()]}")
        expect(self.question()[2] == "complete", f"the message is {self.question()[2]}")

    def check_refused(self, status, errors, codes, moment):
        """It ended with status 75 and one of these codes; what was shown a second before that moment is stored."""
        expect(status == 75, f"ended with {signal_name(status)}: {errors.strip()}")
        if self.format == "ndjson":
            expect(self.last_event().get("code") in codes, f"the last event is {self.last_event()}")
        expect(len(self.replies()) <= 1, f"{len(self.replies())} replies")
        self.check_stored(moment)

    def check_retry(self, before=()):
        """It is settled, and can be sent again, without a second copy."""
        conversation = self.question()[1]
        statuses = [message["status"] for message in self.history(conversation, before)]
        expect(statuses in (["failed"], ["complete", "interrupted"]), f"settled as {statuses}")
        retry = self.home.run("send", "--retry", "--conversation", conversation, "--model", "simulator.text-chunks-0", before=before)
        expect(retry.returncode == 0, f"--retry ended with {retry.returncode}: {retry.stderr.strip()}")
        self.check_answered_once()

    def check_answered_once(self):
        """There is one whole reply."""
        replies = [text for text, status in self.replies() if status != "superseded"]
        expect(replies == [self.reply] and self.question()[2] == "complete", f"{self.question()[2]}, replies: {self.replies()}")
        self.home.check()

    def history(self, conversation, before=()):
        """The messages of a conversation, as the program tells."""
        ended = self.home.run("history", conversation, "-o", "json", before=before)
        expect(ended.returncode == 0, f"history ended with {ended.returncode}: {ended.stderr.strip()}")
        return json.loads(ended.stdout)["messages"]

    def last_event(self):
        """The last of the events; empty for text."""
        lines = self.program.shown().splitlines()
        return json.loads(lines[-1]) if self.format == "ndjson" and lines else {}


def interrupted_by(tally, name, home, seed, happen, check=None):
    """A reply in whose middle `happen` is done, which is complete nevertheless unless `check` says otherwise."""
    reply = Reply(home, seed)

    def run():
        reply.start()
        try:
            reply.wait_for_text()
            time.sleep(reply.random.uniform(0, reply.lasting * 0.8))
            happen()
        finally:
            ended = reply.program.end()
        (check or reply.check_complete)(*ended)
        home.check()

    return tally.attempt(name, run)


def about_rose(programs, simulator, server):
    """A home with a database of its own on the server, and a legacy."""
    home = ServerHome(programs, simulator, server)
    home.succeed("legacies", "add", "Rose")
    return home


# Crowds

def crowds(tally, programs, simulator, server, processes, operations, seed):
    """Everything at once, then nothing but sends; then everybody begins the same things."""
    for what, body in [("of every kind", lambda home: crowd.mixed(home, processes, operations, seed)),
                       ("sends", lambda home: crowd.sends(home, processes, operations))]:
        home = ServerHome(programs, simulator, server)
        exchanges = []
        if tally.attempt(f"{processes} processes × {operations} {what} on a server", lambda: exchanges.append(body(home))):
            tally.say(f"server: {processes} processes × {operations} {what}, {exchanges[0]} exchanges kept, no error, none twice")
        home.remove()
    home = ServerHome(programs, simulator, server)
    tally.attempt(f"{processes} processes begin the same", lambda: beginnings(home, processes))
    home.remove()


def beginnings(home, processes):
    """Tables, user, legacy, conversation and keyed message are made by all at once, and once."""
    errors = []

    def begin(index):
        for arguments in (["legacies", "add", "Rose"], ["send", "--legacy", "Rose", "--persona", "friend", f"Number {index}."],
                          ["send", "--legacy", "Rose", "--idempotency-key", "k", "The same."]):
            model = ["--model", "simulator.echo"] if arguments[0] == "send" else []
            ended = home.run(*arguments, *model)
            # Who comes second with a key may find the first one still at it.
            if ended.returncode != 0 and not (ended.returncode == 75 and "--idempotency-key" in arguments):
                errors.append(f"{arguments} ended with {ended.returncode}: {ended.stderr.strip()}")

    crowd.at_once(processes, begin)
    expect(errors == [], f"{len(errors)} errors, the first: {errors[:3]}")
    counts = home.query(
        "SELECT (SELECT count(*) FROM users), (SELECT count(*) FROM legacies), (SELECT count(*) FROM ai_conversations),"
        " (SELECT count(*) FROM ai_messages WHERE content = 'The same.' AND role = 'user'),"
        " (SELECT count(*) FROM ai_messages WHERE role = 'user'), (SELECT count(*) FROM ai_messages WHERE status = 'complete')")
    expect(counts[0][:5] == (1, 1, counts[0][2], 1, processes + 1) and counts[0][2] <= 2, f"counts: {counts}")
    expect(counts[0][5] == 2 * (processes + 1), f"counts: {counts}")
    home.check()


# Restarts

def restarts(tally, programs, simulator, server, count, seed):
    """Restarts the server as after a crash, `count` times, while replies arrive in databases of their own."""
    homes = [about_rose(programs, simulator, server) for _ in range(4)]
    outcomes = collections.Counter()
    for number in range(count):
        chance = random.Random(f"{seed}-restart-{number}")
        replies = [Reply(home, f"{seed}-restart-{number}-{index}") for index, home in enumerate(homes)]
        # Half of them stand still meanwhile: so one can see what is there before they go on.
        frozen = replies[:2]
        delay = chance.uniform(0, 0.5) if chance.random() < 0.2 else chance.uniform(0.5, 8)
        for reply in replies:
            reply.start()
        time.sleep(delay)
        for reply in frozen:
            reply.program.process.send_signal(signal.SIGSTOP)
        moment = time.monotonic()
        server.restart()

        def check(index, reply):
            try:
                if reply in frozen:
                    # Tables may not be there yet.
                    reply.check_stored(moment)
            finally:
                reply.program.process.send_signal(signal.SIGCONT)
                status, errors = reply.program.end()
            shown = reply.text()
            if status == 75 and not shown and reply.question() is None:
                outcomes["before the message was stored"] += 1
                return
            reply.check_complete(status, errors)
            reply.home.check()
            outcomes["within the reply" if reply.text(moment) != shown else "after the reply"] += 1

        for index, reply in enumerate(replies):
            tally.attempt(
                f"restart {seed}-restart-{number}-{index} after {delay:.2f} s{', frozen' if reply in frozen else ''}",
                lambda index=index, reply=reply: check(index, reply))
    for stage, number in sorted(outcomes.items()):
        tally.say(f"  {number:5} × restarted {stage}")
    for home in homes:
        tally.attempt("a database after the restarts", lambda home=home: (home.check_settled(), home.check()))
        home.remove()
    tally.say(f"server: {count} restarts as after a crash, 4 replies each")


def losses_in_a_crowd(tally, programs, simulator, server, count, seed):
    """Many replies at once in one database, and all connections are lost: all go on, whoever is back first."""
    for what in ("restart", "cut"):
        home = about_rose(programs, simulator, server)
        replies = [Reply(home, f"{seed}-crowd-{what}-{index}") for index in range(count)]
        for reply in replies:
            reply.start()
        for reply in replies:
            tally.attempt("a reply in a crowd begins", reply.wait_for_text)
        time.sleep(1)
        if what == "restart":
            server.restart()
        else:
            server.terminate(home.name)
        for index, reply in enumerate(replies):
            tally.attempt(f"one of {count} replies at a {what} of all connections ({seed}-crowd-{what}-{index})", lambda reply=reply: (
                reply.check_complete(*reply.program.end()), home.check()))
        home.remove()


def looks_at_a_cut(tally, programs, simulator, server, count, seed):
    """A connection is cut, and another process looks before the reply has a new one: it goes on nevertheless."""
    home = about_rose(programs, simulator, server)
    for index in range(count):
        reply = Reply(home, f"{seed}-look-{index}", pieces=15)

        def run():
            reply.start()
            reply.wait_for_text()
            time.sleep(reply.random.uniform(0, 1))
            server.terminate(home.name)
            home.succeed("conversations", "--limit", "1")
            reply.check_complete(*reply.program.end())

        tally.attempt(f"a look right after a cut ({seed}-look-{index})", run)
    home.remove()


# Connections

def connections(tally, programs, simulator, server, count, seed):
    """Cuts connections on the server and on the way, `count` times for each of 4 replies at once."""
    seen = collections.Counter()

    def job(index):
        def run(_slot):
            name, chance = f"{seed}-connection-{index}", random.Random(f"{seed}-connection-{index}")
            if index % 4 == 0:
                home, proxy = ServerHome(programs, simulator, server), None
            else:
                proxy = Proxy(server.port)
                home = ServerHome(programs, simulator, server, lambda name: server.url(name, port=proxy.port))
            what = []

            def happen():
                for _ in range(chance.randrange(1, 4)):
                    if proxy is None:
                        server.terminate(home.name)
                        what.append("terminated")
                    else:
                        what.append(proxy.disturb(chance))
                    time.sleep(chance.uniform(0, 0.7))

            home.succeed("legacies", "add", "Rose")
            if not interrupted_by(tally, f"a connection that is disturbed, {name}", home, name, happen):
                tally.say(f"  which was {what}")
            seen.update(what)
            if proxy:
                proxy.close()
            home.remove()
        return run

    in_parallel(4, [job(index) for index in range(count)])
    tally.say("server: " + ", ".join(f"{number} × {what}" for what, number in sorted(seen.items())))


def outage(tally, programs, simulator, server, kind, seed):
    """The way to the server is closed for good in mid-reply."""
    proxy = Proxy(server.port)
    home = ServerHome(programs, simulator, server, lambda name: server.url(name, port=proxy.port))
    home.succeed("legacies", "add", "Rose")
    reply = Reply(home, f"{seed}-outage-{kind}")
    reply.format = "ndjson"

    def close():
        if kind == "hanging":
            proxy.hang(True)
        else:
            proxy.is_refusing = True
            proxy.cut()

    def run():
        reply.start()
        reply.wait_for_text()
        time.sleep(2)
        close()
        began = time.monotonic()
        while reply.program.process.poll() is None:
            expect(time.monotonic() - began < PATIENCE, f"still there after {PATIENCE} s")
            time.sleep(0.5)
        took = time.monotonic() - began
        reply.check_refused(*reply.program.end(), ["database_unavailable"], began)
        expect(reply.text() == reply.text(began + 1), f"shown in the outage: {reply.text()[len(reply.text(began + 1)):]!r}")
        expect(took > 55, f"it gave up after {took:.0f} s")
        proxy.hang(False)
        proxy.is_refusing = False
        reply.check_retry()
        tally.say(f"server: a way that was {kind} ended the reply after {took:.0f} s")

    try:
        tally.attempt(f"a way to the server that is {kind} for good", run)
    finally:
        if reply.program.process.poll() is None:
            reply.program.process.kill()
            reply.program.end()
        proxy.close()
        home.remove()


# Kills

def killed(tally, programs, simulator, server, count, seed):
    """Kills `send` at any moment; the next look settles the message at once."""
    homes = [about_rose(programs, simulator, server) for _ in range(4)]
    stages = collections.Counter()

    def job(index):
        def run(slot):
            kill = kills.Kill(homes[slot], f"{seed}-server-{index}", signal.SIGKILL)
            if tally.attempt(f"SIGKILL {seed}-server-{index} after {kill.delay:.2f} s", kill.run):
                stages[kill.stage] += 1
        return run

    in_parallel(4, [job(index) for index in range(count)])
    for stage, number in sorted(stages.items()):
        tally.say(f"  {number:5} × SIGKILL {stage}")
    for home in homes:
        tally.attempt("a database after the kills", lambda home=home: (home.check_settled(), home.check()))
        home.remove()


# Hosts

class Hosts:
    """Two hosts in network namespaces, each with a way to this one, until `close`."""

    def __init__(self, programs):
        self.names = [f"mosaic{os.getpid()}{letter}" for letter in "ab"]
        self.links = [f"mt{os.getpid() % 100000}{letter}" for letter in "ab"]
        self.simulators = []
        for index, (name, link) in enumerate(zip(self.names, self.links)):
            self.ip("netns", "add", name)
            self.ip("link", "add", link, "type", "veth", "peer", "name", "eth0", "netns", name)
            self.ip("addr", "add", f"{self.address(index)}/30", "dev", link)
            self.ip("link", "set", link, "up")
            self.ip("-n", name, "addr", "add", f"10.213.{index}.2/30", "dev", "eth0")
            self.ip("-n", name, "link", "set", "eth0", "up")
            self.ip("-n", name, "link", "set", "lo", "up")
            self.simulators.append(Simulator(programs, self.before(index)))

    @staticmethod
    def ip(*words):
        """Runs ip."""
        subprocess.run(["ip", *words], check=True, capture_output=True)

    @staticmethod
    def are_possible():
        """Whether there may be such hosts here."""
        if os.geteuid() != 0 or shutil.which("ip") is None:
            return False
        name = f"mosaic{os.getpid()}"
        made = subprocess.run(["ip", "netns", "add", name], capture_output=True, check=False).returncode == 0
        subprocess.run(["ip", "netns", "del", name], capture_output=True, check=False)
        return made

    def address(self, index):
        """How a host sees this one."""
        return f"10.213.{index}.1"

    def before(self, index):
        """What a command line begins with to be run on a host."""
        return ["ip", "netns", "exec", self.names[index]]

    def set_link(self, index, state):
        """Cuts a host off, or connects it again."""
        self.ip("link", "set", self.links[index], state)

    def close(self):
        """Takes them away."""
        for simulator in self.simulators:
            simulator.close()
        for name in self.names:
            subprocess.run(["ip", "netns", "del", name], capture_output=True, check=False)


def hosts(tally, programs, seed):
    """Cuts a host off in mid-reply, for good or for a while."""
    if not Hosts.are_possible():
        tally.say("SKIPPED hosts that are cut off: no network namespaces can be made here")
        return
    with contextlib.ExitStack() as stack:
        two = Hosts(programs)
        stack.callback(two.close)
        server = Server(addresses=f"{two.address(0)},{two.address(1)}")
        stack.callback(server.remove)
        cut_off(tally, programs, two, server, seed)
        away_for_a_while(tally, programs, two, server, seed)


def cut_off(tally, programs, two, server, seed):
    """The other host settles the message and sends it again; the first one comes back and writes nothing more."""
    first = ServerHome(programs, two.simulators[0], server, lambda name: server.url(name, host=two.address(0)))
    other = Home(programs, two.simulators[1])
    other.variables["MOSAIC_AI_DATABASE"] = server.url(first.name, host=two.address(1))
    reply = Reply(first, f"{seed}-cut off", pieces=60, pace=200)
    reply.format = "ndjson"

    def look(*arguments):
        return other.run(*arguments, before=two.before(1))

    def run():
        expect(first.run("legacies", "add", "Rose", before=two.before(0)).returncode == 0, "the first host cannot reach the server")
        reply.start(before=two.before(0))
        reply.wait_for_text()
        time.sleep(reply.random.uniform(1, 6))
        conversation = reply.question()[1]
        expect(json.loads(look("history", conversation, "-o", "json").stdout)["messages"][-1]["status"] == "streaming",
               "the other host does not see that the reply arrives")
        two.set_link(0, "down")
        began = time.monotonic()
        reply.check_stored(began)
        status = "streaming"
        while status == "streaming":
            expect(time.monotonic() - began < 120, "not settled after 120 s")
            time.sleep(2)
            seen = look("history", conversation, "-o", "json")
            expect(seen.returncode == 0, f"history on the other host ended with {seen.returncode}: {seen.stderr}")
            status = json.loads(seen.stdout)["messages"][-1]["status"]
        took = time.monotonic() - began
        expect(status == "interrupted", f"settled as {status}")
        retry = look("send", "--retry", "--conversation", conversation, "--model", "simulator.text-chunks-0")
        expect(retry.returncode == 0, f"--retry on the other host ended with {retry.returncode}: {retry.stderr}")
        was_over = reply.program.process.poll() is not None
        before = reply.replies()
        expect(before[0][0].startswith(reply.text(began - 1)), "shown in time, but not stored")
        two.set_link(0, "up")
        status, errors = reply.program.end()
        expect(status == 75, f"the first host ended with {signal_name(status)}: {errors}")
        code = reply.last_event()["code"]
        expect(code == "database_unavailable" if was_over else code in ("busy", "database_unavailable"), f"code {code}")
        expect(reply.replies() == before, f"it wrote more: {reply.replies()} after {before}")
        expect(reply.text() == reply.text(began + 1), "something was shown while it was cut off")
        reply.check_answered_once()
        tally.say(f"server: a host that was cut off: settled by the other one after {took:.0f} s; {code} when it was back")

    tally.attempt("a host is cut off in mid-reply", run)
    if reply.program is not None and reply.program.process.poll() is None:
        reply.program.process.kill()
    two.set_link(0, "up")
    other.remove()
    first.remove()


def away_for_a_while(tally, programs, two, server, seed):
    """A host is cut off for some seconds, and its reply goes on."""
    home = ServerHome(programs, two.simulators[0], server, lambda name: server.url(name, host=two.address(0)))
    for seconds in (3, 20, 40):
        reply = Reply(home, f"{seed}-away-{seconds}")

        def run():
            expect(home.run("legacies", "add", "Rose", before=two.before(0)).returncode == 0, "no legacy")
            reply.start(before=two.before(0))
            reply.wait_for_text()
            time.sleep(reply.random.uniform(0, 5))
            two.set_link(0, "down")
            time.sleep(seconds)
            two.set_link(0, "up")
            reply.check_complete(*reply.program.end())

        tally.attempt(f"a host is cut off for {seconds} s", run)
    home.remove()


# Refusals

def refusals(tally, programs, simulator, server):
    """What a server says no to: each has its code, and no word of a password is shown."""
    server.sql(
        "CREATE ROLE guarded LOGIN PASSWORD 's3cret+word'; CREATE ROLE unwelcome LOGIN; CREATE ROLE powerless LOGIN;"
        " CREATE ROLE user_of_tables LOGIN")
    home = about_rose(programs, simulator, server)
    commands = [
        ["legacies"], ["send", "--model", "simulator.echo", "-o", "ndjson", "Hello."], ["history"], ["legacies", "add", "Ben"],
        ["search", "plums"], ["doctor"], ["usage"], ["conversations", "-o", "json"],
    ]
    wrong = {
        "a wrong password": (server.url(home.name, "guarded:wr0ng%2Bs3cret"), {}),
        "a wrong password as a parameter": (server.url(home.name, "guarded", parameters="password=wr0ng-s3cret"), {}),
        "a wrong password in the environment": (server.url(home.name, "guarded"), {"PGPASSWORD": "s3cret-wr0ng"}),
        "no password": (server.url(home.name, "guarded"), {}),
        "an unknown role": (server.url(home.name, f"nobody_there:{SECRET}"), {}),
        "an unknown database": (server.url("nothing_there", f"guarded:{SECRET}"), {}),
        "TLS where there is none": (server.url(home.name, f"guarded:{SECRET}", parameters="sslmode=require"), {}),
        "TLS and a file that is not there": (
            server.url(home.name, f"guarded:{SECRET}", parameters="sslmode=verify-full&sslrootcert=/nothing/there"), {}),
        "a role that pg_hba.conf rejects": (server.url(home.name, f"unwelcome:{SECRET}"), {}),
        "an unknown service": ("postgresql://?service=nothing_there", {}),
        "a role without rights": (server.url(home.name, "powerless"), {}),
    }

    def refused(command, verbose, status, code, url, variables):
        ended = home.run(*command, *(["-v"] if verbose else []), "--database", url, **variables)
        output = ended.stdout + ended.stderr
        shown = [secret for secret in [*SECRETS, "wr0ng"] if secret in output]
        expect(not shown, f"shows {shown}: {output}")
        if command[0] == "doctor":
            expect(ended.returncode != 0, f"doctor finds nothing wrong: {output}")
            return
        expect(ended.returncode == status, f"ended with {ended.returncode}: {ended.stderr.strip()}")
        expect("hint:" in ended.stderr, f"no hint: {ended.stderr.strip()}")
        if command[0] == "send":
            events = [json.loads(line) for line in ended.stdout.splitlines()]
            expect([event.get("code") for event in events] == [code], f"events: {ended.stdout}")

    for name, (url, variables) in wrong.items():
        for command in commands:
            for verbose in (False, True):
                tally.attempt(
                    f"{name}: {command[0]}{' -v' if verbose else ''}",
                    lambda url=url, command=command, verbose=verbose, variables=variables: refused(
                        command, verbose, 78, "config_invalid", url, variables))
    nowhere = server.url(home.name, f"guarded:{SECRET}", port=1)
    for command in commands:
        tally.attempt(f"no server: {command[0]}", lambda command=command: refused(
            command, True, 75, "database_unavailable", nowhere, {}))
    tally.attempt("a password that is right", lambda: right_password(home, server))
    home.remove()
    tally.attempt("tables by hand, and a role that may use them", lambda: tables_by_hand(programs, simulator, server))
    tally.attempt("a server that is stopped", lambda: stopped(programs, simulator, server))


def right_password(home, server):
    """It is shown nowhere, whatever one looks at."""
    server.sql(f"GRANT ALL ON SCHEMA mosaic_ai TO guarded; GRANT ALL ON ALL TABLES IN SCHEMA mosaic_ai TO guarded;"
               f" GRANT ALL ON ALL SEQUENCES IN SCHEMA mosaic_ai TO guarded", home.name)
    url = server.url(home.name, f"guarded:{SECRET}")
    for arguments in (["send", "--legacy", "Rose", "--model", "simulator.echo", "Hello."], ["history"], ["doctor"], ["doctor", "--deep"],
                      ["config"], ["database", "migrate"], ["backup", "x"], ["restore", "x"],
                      ["send", "--dry-run", "--legacy", "Rose", "Hello."]):
        trace = home.folder / "trace"
        for options in (["-v"], ["-v", "--log-format", "json"]):
            ended = home.run(*arguments, *options, MOSAIC_AI_DATABASE=url, MOSAIC_AI_TRACE_FILE=str(trace))
            output = ended.stdout + ended.stderr + (trace.read_text() if trace.exists() else "")
            shown = [secret for secret in SECRETS if secret in output]
            expect(not shown, f"{arguments} shows {shown}: {[line for line in output.splitlines() if shown and shown[0] in line]}")
            wanted = 64 if arguments[0] in ("backup", "restore") else 0
            expect(ended.returncode == wanted, f"{arguments} ended with {ended.returncode}: {ended.stdout} {ended.stderr}")


def tables_by_hand(programs, simulator, server):
    """What `database migrate --print` prints is enough for a role with the rights it names."""
    home = ServerHome(programs, simulator, server)
    server.sql("REVOKE CREATE ON DATABASE " + home.name + " FROM PUBLIC")
    home.variables["MOSAIC_AI_DATABASE"] = server.url(home.name, "user_of_tables")
    ended = home.run("legacies", "add", "Rose")
    expect(ended.returncode == 78 and "migrate" in ended.stderr, f"without tables: {ended.returncode}: {ended.stderr}")
    script = home.succeed("database", "migrate", "--print")
    grants = script.split("/*")[1].split("*/")[0].split("\n", 1)[1].replace("ROLE_NAME", "user_of_tables")
    server.sql(script + grants, home.name)
    home.succeed("legacies", "add", "Rose")
    home.succeed("send", "--model", "simulator.echo", "Plums and jam.")
    expect("Plums" in home.succeed("search", "plums"), "not found")
    home.succeed("delete", "last", "--yes")
    home.succeed("legacies", "remove", "Rose", "--yes")
    home.remove()


def stopped(programs, simulator, server):
    """Says so at once, and works when it is back."""
    home = about_rose(programs, simulator, server)
    server.stop()
    try:
        for arguments in (["legacies"], ["send", "--model", "simulator.echo", "Hello."]):
            began = time.monotonic()
            ended = home.run(*arguments)
            expect(ended.returncode == 75 and time.monotonic() - began < 15, f"{arguments} ended with {ended.returncode}: {ended.stderr}")
    finally:
        server.start()
    home.succeed("send", "--model", "simulator.echo", "Hello.")
    home.remove()


# Moods

def moods(tally, programs, simulator, server, seed, is_quick):
    """What passes, and is waited for."""
    def attempt(name, body):
        home = about_rose(programs, simulator, server)
        tally.attempt(name, lambda: (body(home), home.check()))
        home.remove()

    # Those that others on the same server would notice, one after the other.
    attempt("max_connections used up before a send", lambda home: no_connection_left(home, server))
    attempt("max_connections used up in mid-reply", lambda home: no_connection_left_within(home, server, f"{seed}-full"))
    attempt("a server that can only be read for a while", lambda home: read_only(home, server, f"{seed}-reader"))
    several = [
        ("an idle_session_timeout in mid-reply", lambda home: idle(home, server, f"{seed}-idle")),
        ("replies of every kind of letter, NUL among them", letters),
        ("an interview while connections are cut", lambda home: interview(home, server)),
        ("a lock that someone holds", lambda home: locked(home, server)),
        ("a look at what can only be read", lambda home: look_at_read_only(home, server, f"{seed}-look")),
        ("tables that go away in mid-reply", lambda home: dropped(home, server, f"{seed}-dropped")),
        ("a role that loses its rights in mid-reply", lambda home: revoked(home, server, f"{seed}-revoked")),
    ]
    several += [
        (f"SQLSTATE {state} three times, {moment}", lambda home, state=state, moment=moment: conflicts(home, server, state, moment))
        for state in ("40001", "40P01") for moment in ("at once", "at the end")]
    several += [
        (f"a statement_timeout of {milliseconds} ms", lambda home, milliseconds=milliseconds: hurried(home, server, milliseconds))
        for milliseconds in ([100] if is_quick else [1, 5, 20, 100])]
    in_parallel(4, [lambda _slot, name=name, body=body: attempt(name, body) for name, body in several])


def no_connection_left(home, server):
    """A send waits until there is room."""
    taken = server.fill("postgres", home.name, 200)
    program = Watched(home, "send", "--new", "--model", "simulator.echo", "Hello.")
    time.sleep(5)
    is_waiting = program.process.poll() is None
    for connection in taken:
        connection.close()
    status, errors = program.end()
    expect(is_waiting, f"it did not wait: {status} {errors}")
    expect(status == 0 and program.shown() == b"Hello.\n", f"ended with {status}: {errors}")


def no_connection_left_within(home, server, seed):
    """A reply whose connection is cut waits until there is room."""
    reply = Reply(home, seed)
    reply.start()
    reply.wait_for_text()
    # Whoever loses the connection finds others waiting for it.
    server.terminate(home.name)
    taken = server.fill("postgres", home.name, 200)
    time.sleep(5)
    for connection in taken:
        connection.close()
    reply.check_complete(*reply.program.end())


def conflicts(home, server, state, moment):
    """The first three transactions that write messages fail."""
    server.sql(
        f"""
        CREATE SEQUENCE public.tries;
        CREATE FUNCTION public.fail() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF nextval('public.tries') <= 3 THEN RAISE EXCEPTION 'try again' USING ERRCODE = '{state}'; END IF;
          RETURN NEW;
        END $$;
        CREATE CONSTRAINT TRIGGER fail AFTER INSERT OR UPDATE ON ai_messages
          DEFERRABLE INITIALLY {'DEFERRED' if moment == 'at the end' else 'IMMEDIATE'}
          FOR EACH ROW EXECUTE FUNCTION public.fail();
        """, home.name)
    reply = Reply(home, f"conflict-{state}-{moment}", pace=20)
    reply.start()
    reply.wait_for_text()
    server.sql("ALTER SEQUENCE public.tries RESTART", home.name)
    reply.check_complete(*reply.program.end())
    expect(server.sql("SELECT last_value > 3 FROM public.tries", home.name) == "t", "it never failed")


def hurried(home, server, milliseconds):
    """Sends at once, under a timeout that may be too short for anything: nothing is half done, or twice."""
    server.sql(f"CREATE ROLE hurried{milliseconds} LOGIN SUPERUSER")
    server.sql(f"ALTER ROLE hurried{milliseconds} SET statement_timeout TO {milliseconds}")
    home.variables["MOSAIC_AI_DATABASE"] = server.url(home.name, f"hurried{milliseconds}")
    ends = []

    def send(index):
        ended = home.run("send", "--model", "simulator.echo", "-o", "ndjson", f"Number {index}.")
        ends.append((index, ended))

    crowd.at_once(8, send)
    home.variables["MOSAIC_AI_DATABASE"] = server.url(home.name)
    home.check_settled()
    for index, ended in ends:
        stored = home.query(
            "SELECT r.status FROM ai_messages q LEFT JOIN ai_messages r ON r.reply_to = q.id"
            " WHERE q.role = 'user' AND q.content = ?", f"Number {index}.")
        expect(len(stored) <= 1, f"{len(stored)} replies")
        if ended.returncode == 0:
            expect(stored == [("complete",)], f"status 0, but {stored}")
        else:
            expect(ended.returncode == 75, f"ended with {ended.returncode}: {ended.stderr}")
            event = json.loads(ended.stdout.splitlines()[-1])
            expect(event["code"] in ("database_unavailable", "busy"), f"{event}")
            expect(bool(stored) == (event["user_message_id"] is not None), f"{stored}, but {event}")
    failed = sum(ended.returncode != 0 for _, ended in ends)
    expect(milliseconds < 100 or failed == 0, f"{failed} of 8 failed: {[ended.stderr for _, ended in ends if ended.returncode][:1]}")


def read_only(home, server, seed):
    """The server refuses to write for some seconds: the reply goes on; looking goes on meanwhile."""
    reply = Reply(home, seed)
    reply.start()
    reply.wait_for_text()
    time.sleep(1)
    server.sql("ALTER SYSTEM SET default_transaction_read_only TO on")
    server.sql("SELECT pg_reload_conf()")
    try:
        time.sleep(1)
        moment = reply.text()
        seen = [home.run(*arguments) for arguments in (["history", "last"], ["conversations"], ["doctor"])]
        time.sleep(4)
        expect((reply.replies() or [("",)])[0][0].startswith(reply.text().rstrip("\n")), "more is shown than is stored")
    finally:
        server.sql("ALTER SYSTEM RESET default_transaction_read_only")
        server.sql("SELECT pg_reload_conf()")
    reply.check_complete(*reply.program.end())
    expect(len(moment) < len(reply.text()), "the reply was over")
    for ended in seen[:2]:
        expect(ended.returncode == 0, f"{ended.args[1:]} ended with {ended.returncode}: {ended.stderr}")


def kill_in_mid_reply(home, seed):
    """Leaves a message behind that nobody answers any more."""
    reply = Reply(home, seed)
    reply.start()
    reply.wait_for_text()
    time.sleep(1)
    reply.program.process.kill()
    reply.program.end()
    return reply


def look_at_read_only(home, server, seed):
    """One can look, though nothing can be settled: at a standby, or as a role that may only read."""
    kill_in_mid_reply(home, seed)
    server.sql(f"ALTER DATABASE {home.name} SET default_transaction_read_only TO on")
    for arguments in (["history"], ["conversations"], ["legacies"], ["search", "plums"], ["usage"], ["export", "last"], ["doctor"]):
        ended = home.run(*arguments)
        expect(ended.returncode == 0, f"{arguments} ended with {ended.returncode}: {ended.stderr}")
    ended = home.run("send", "--model", "simulator.echo", "Hello.")
    expect(ended.returncode == 75, f"send ended with {ended.returncode}: {ended.stderr}")
    server.sql(f"ALTER DATABASE {home.name} RESET default_transaction_read_only")


def dropped(home, server, seed):
    """The tables are gone: it says so, and nothing that is not so."""
    reply = Reply(home, seed)
    reply.start()
    reply.wait_for_text()
    server.sql("DROP SCHEMA mosaic_ai CASCADE", home.name)
    status, errors = reply.program.end()
    expect(status == 74, f"ended with {signal_name(status)}: {errors}")
    expect("mosaic-ai restore" not in errors, f"names a command that there is not on a server: {errors}")
    expect("is saved" not in errors, f"says that something is saved: {errors}")
    home.succeed("legacies", "add", "Rose")


def revoked(home, server, seed):
    """It ends, and says that the message is saved."""
    server.sql("CREATE ROLE weak LOGIN")
    for kind in ("SCHEMA", "ALL TABLES IN SCHEMA", "ALL SEQUENCES IN SCHEMA"):
        server.sql(f"GRANT ALL ON {kind} mosaic_ai TO weak", home.name)
    all_rights = home.variables["MOSAIC_AI_DATABASE"]
    home.variables["MOSAIC_AI_DATABASE"] = server.url(home.name, "weak")
    reply = Reply(home, seed)
    reply.start()
    reply.wait_for_text()
    time.sleep(1)
    server.sql("REVOKE INSERT, UPDATE ON ALL TABLES IN SCHEMA mosaic_ai FROM weak", home.name)
    status, errors = reply.program.end()
    expect(status == 78, f"ended with {signal_name(status)}: {errors}")
    expect("--retry" in errors, f"does not say how to go on: {errors}")
    home.variables["MOSAIC_AI_DATABASE"] = all_rights
    reply.check_retry()


def idle(home, server, seed):
    """The server ends sessions that are idle for a moment."""
    server.sql("CREATE ROLE idler LOGIN SUPERUSER")
    server.sql("ALTER ROLE idler SET idle_session_timeout TO '300ms'")
    home.variables["MOSAIC_AI_DATABASE"] = server.url(home.name, "idler")
    reply = Reply(home, seed, pieces=8, pace=1000)
    reply.start()
    reply.check_complete(*reply.program.end())


def letters(home):
    """What is shown is what is stored; U+FFFD takes the place of NUL."""
    for scenario in ("controls", "surrogates", "emoji", "large-1000000", "tiny-20000"):
        ended = home.run("send", "--new", "--model", f"simulator.{scenario}", "-o", "json", "Hello.")
        expect(ended.returncode == 0, f"{scenario} ended with {ended.returncode}: {ended.stderr}")
        content = json.loads(ended.stdout)["content"]
        stored = home.query("SELECT content FROM ai_messages WHERE id = ?", json.loads(ended.stdout)["message_id"])
        expect(stored == [(content,)], f"{scenario}: shown is not what is stored")
        expect("\0" not in content, "NUL is shown")
        expect(scenario != "controls" or "\ufffd" in content, "NUL is left out")


def interview(home, server):
    """Every question is answered once, though connections are cut all the time."""
    questions = home.folder / "questions.txt"
    questions.write_text("".join(f"Question {index}: what about the plums?\n" for index in range(24)))
    program = Watched(home, "interview", "--questions", str(questions), "--legacy", "Rose", "--model", "simulator.slow-60", "-o", "ndjson")
    while program.process.poll() is None:
        time.sleep(0.7)
        server.terminate(home.name)
    status, errors = program.end()
    expect(status == 0, f"ended with {status}: {errors[-600:]}")
    counts = home.query("SELECT role, status, count(*) FROM ai_messages GROUP BY 1, 2 ORDER BY 1")
    expect(counts == [("assistant", "complete", 24), ("user", "complete", 24)], f"stored: {counts}")


def locked(home, server):
    """Someone has the tables to himself for a while, as for a VACUUM FULL."""
    thread = threading.Thread(target=lambda: server.sql("BEGIN; LOCK TABLE ai_messages; SELECT pg_sleep(6); COMMIT", home.name))
    reply = Reply(home, "locked", pieces=30)
    reply.start()
    reply.wait_for_text()
    thread.start()
    reply.check_complete(*reply.program.end())
    thread.join()


PARTS = ["refusals", "moods", "connections", "losses", "restarts", "killed", "crowds", "outages", "hosts"]


def torture(tally, programs, simulator, figures, seed, is_quick, only=tuple(PARTS)):
    """Everything, or these parts."""
    reason = why_not()
    if reason is not None:
        tally.say(f"SKIPPED the server: {reason}")
        return
    count = figures["restarts"]
    server = Server()
    parts = {
        "refusals": lambda: refusals(tally, programs, simulator, server),
        "moods": lambda: moods(tally, programs, simulator, server, seed, is_quick),
        "connections": lambda: connections(tally, programs, simulator, server, count * 2, seed),
        "losses": lambda: (losses_in_a_crowd(tally, programs, simulator, server, 8, seed),
                           looks_at_a_cut(tally, programs, simulator, server, count, seed)),
        "restarts": lambda: restarts(tally, programs, simulator, server, count, seed),
        "killed": lambda: killed(tally, programs, simulator, server, (figures["kills"] + 4) // 5, seed),
        "crowds": lambda: crowds(tally, programs, simulator, server, figures["processes"], figures["operations"], seed),
        "outages": lambda: outages(tally, programs, simulator, server, seed),
        "hosts": lambda: hosts(tally, programs, seed),
    }
    try:
        for part in only:
            if is_quick and part in ("outages", "hosts"):
                tally.say(f"SKIPPED the server's {part}, which take minutes: leave out --quick")
                continue
            began = time.monotonic()
            parts[part]()
            tally.say(f"server/{part}: {time.monotonic() - began:.0f} s")
    finally:
        server.remove()


def outages(tally, programs, simulator, server, seed):
    """Both kinds at once: each takes over a minute."""
    in_parallel(2, [lambda _slot, kind=kind: outage(tally, programs, simulator, server, kind, seed) for kind in ("closed", "hanging")])
