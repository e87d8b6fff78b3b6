"""Many processes at once on one database: two users, several legacies, every kind of command."""

import collections
import random
import re
import threading

from harness import Home, expect

USERS = ["ada", "bob"]
LEGACIES = ["Rose", "Ben", "Clara"]


class Person:
    """One process after another, of one user, about one legacy, all that matters remembered."""

    def __init__(self, home, index, seed):
        self.home = home
        self.index = index
        self.user = USERS[index % len(USERS)]
        self.legacy = f"{LEGACIES[index % len(LEGACIES)]} of {self.user}"
        self.random = random.Random(f"{seed}-{index}")
        self.sent = 0
        self.own = None
        self.own_words = []
        self.errors = []

    def run(self, *arguments, allowed=(0,)):
        """Runs a command, which must end as expected and not see another user's words."""
        ended = self.home.run(*arguments, "--user", self.user)
        if ended.returncode not in allowed:
            self.errors.append(f"{arguments[:3]} ended with {ended.returncode}: {ended.stderr.strip()}")
        other = USERS[1 - USERS.index(self.user)]
        if f"words of {other}" in ended.stdout or f"of {other}\t" in ended.stdout:
            self.errors.append(f"{arguments[:3]} shows words of {other}")
        return ended

    def words(self):
        """A message that nobody else sends."""
        self.sent += 1
        return f"words of {self.user}, process {self.index}, number {self.sent}."

    def send(self, *selection):
        """Sends a message, and gives its conversation."""
        words = self.words()
        ended = self.run("send", "--legacy", self.legacy, "--model", "simulator.echo", "-o", "ndjson", *selection, words)
        found = re.search(r'"conversation_id":"([^"]*)"', ended.stdout)
        if '"type":"done"' not in ended.stdout or found is None:
            self.errors.append(f"no reply: {ended.stdout[-200:]} {ended.stderr}")
            return words, None
        return words, found.group(1)

    def act(self):
        """Does one thing of many."""
        if self.own is None:
            words, self.own = self.send("--new", "--persona", "friend")
            self.own_words.append(words)
            return
        what = self.random.choice(["shared", "shared", "own", "list", "history", "legacies", "add", "new and delete", "personas"])
        if what == "shared":
            self.send("--persona", "biographer")
        elif what == "own":
            self.own_words.append(self.send("--conversation", self.own)[0])
        elif what == "list":
            self.run("conversations", "-o", "ndjson")
        elif what == "history":
            self.run("history", self.own)
        elif what == "legacies":
            self.run("legacies")
        elif what == "add":
            self.run("legacies", "add", self.legacy)
        elif what == "personas":
            self.run("personas")
        else:
            _, conversation = self.send("--new", "--persona", "friend")
            if conversation:
                self.run("delete", conversation, "--yes")
                self.sent -= 1


def at_once(count, body):
    """Runs `body` for each of these at the same moment."""
    gate = threading.Barrier(count)

    def work(index):
        gate.wait()
        body(index)

    threads = [threading.Thread(target=work, args=(index,)) for index in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def mixed(home, processes, operations, seed):
    """Everybody does everything, on a database that nobody has made yet."""
    people = [Person(home, index, seed) for index in range(processes)]

    def live(index):
        person = people[index]
        person.run("legacies", "add", person.legacy)
        for _ in range(operations):
            person.act()

    at_once(processes, live)
    errors = [error for person in people for error in person.errors]
    expect(errors == [], f"{len(errors)} errors, the first: {errors[:3]}")
    home.check_settled()
    home.check()
    legacies = home.query("SELECT name, count(*) FROM legacies GROUP BY name HAVING count(*) > 1")
    expect(legacies == [], f"a legacy twice: {legacies}")
    places = min(processes, len(USERS) * len(LEGACIES))
    shared = home.query(
        "SELECT user_id, legacy_id, count(*) FROM ai_conversations WHERE persona_id = 'biographer' GROUP BY 1, 2 HAVING count(*) > 1")
    expect(shared == [], f"a conversation was begun twice: {shared}")
    expect(home.query("SELECT count(*) FROM legacies")[0][0] == places, "a legacy is missing")
    strays = home.query(
        "SELECT count(*) FROM ai_messages m JOIN ai_conversations c ON c.id = m.conversation_id JOIN users u ON u.id = c.user_id"
        " WHERE m.content NOT LIKE '%words of ' || u.handle || ',%'")
    expect(strays == [(0,)], f"{strays} messages with another's words")
    check_exchanges(home, sum(person.sent for person in people))
    for person in people:
        found = [row[0] for row in home.query(
            "SELECT content FROM ai_messages WHERE conversation_id = ? AND role = 'user' ORDER BY seq", person.own)]
        expect(found == person.own_words, f"process {person.index}: {found} for {person.own_words}")
    return sum(person.sent for person in people)


def sends(home, processes, count):
    """Everybody sends, a third of them into one and the same conversation."""
    people = [Person(home, index, "sends") for index in range(processes)]

    def live(index):
        person = people[index]
        person.run("legacies", "add", person.legacy)
        for _ in range(count):
            person.send()

    at_once(processes, live)
    errors = [error for person in people for error in person.errors]
    expect(errors == [], f"{len(errors)} errors, the first: {errors[:3]}")
    home.check_settled()
    home.check()
    check_exchanges(home, processes * count)
    return processes * count


def check_exchanges(home, count):
    """So many messages, each once with one complete reply, and of each process in the order it sent them."""
    questions = home.query("SELECT conversation_id, content, status FROM ai_messages WHERE role = 'user' ORDER BY conversation_id, seq")
    expect(len(questions) == count, f"{len(questions)} messages for {count}")
    expect(len({content for _, content, _ in questions}) == count, "a message twice")
    replies = home.query("SELECT q.content, r.content, r.status FROM ai_messages r JOIN ai_messages q ON q.id = r.reply_to")
    expect(len(replies) == count, f"{len(replies)} replies for {count} messages")
    expect(all(question == reply and status == "complete" for question, reply, status in replies), "a wrong reply")
    last = collections.defaultdict(int)
    for conversation, content, _ in questions:
        process, number = re.search(r"process (\d+), number (\d+)", content).groups()
        expect(int(number) > last[conversation, process], f"out of order: {content}")
        last[conversation, process] = int(number)


def torture(tally, programs, simulator, processes, operations, seed):
    """`processes` at once, `operations` each: first of every kind, then nothing but sends."""
    for what, body in [("of every kind", lambda home: mixed(home, processes, operations, seed)),
                       ("sends", lambda home: sends(home, processes, operations))]:
        home = Home(programs, simulator)
        exchanges = []
        if tally.attempt(f"{processes} processes × {operations} {what}", lambda: exchanges.append(body(home))):
            tally.say(f"crowd: {processes} processes × {operations} {what}, {exchanges[0]} exchanges kept, no error, none twice")
            home.remove()
        else:
            tally.say(f"kept for a look: {home.folder}")
