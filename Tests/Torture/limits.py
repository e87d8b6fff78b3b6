"""The largest things one can say, be answered, and look back at."""

import json
import re
import sqlite3
import time
import uuid

from harness import Home, expect

NAMES = [
    "Rose", "Ærøskøbing Ångström", "Ἀριστοτέλης", "Анна Ахматова", "שושנה", "شهرزاد", "रोज़ा", "กุหลาบ", "薔薇", "장미", "ローズ", "Rọ́ọ̀sì",
    "🌹👩🏽‍🌾🏴󠁧󠁢󠁷󠁬󠁳󠁿", "می‌خواهم", "e\u0301" * 100, "ـ" * 200, "O'Brien \"Bobby\" \\ {legacy_name} %s; DROP TABLE legacies",
]


def longest_message(home):
    """10,000 characters of four bytes each go through, one more does not."""
    ended = home.run("send", "--new", "--model", "simulator.echo", "🌹" * 10_000)
    expect(ended.returncode == 0 and ended.stdout == "🌹" * 10_000 + "\n", f"{ended.returncode}: {ended.stderr[:200]}")
    ended = home.run("send", "--new", "--model", "simulator.echo", "🌹" * 10_001)
    expect(ended.returncode == 65 and re.search("10,?001", ended.stderr), f"{ended.returncode}: {ended.stderr[:200]}")


def large_reply(home, model, reply):
    """A reply is shown and stored whole, in text and as events."""
    ended = home.run("send", "--new", "--model", model, "Tell me everything.")
    expect(ended.returncode == 0 and ended.stdout == reply + "\n", f"{ended.returncode}, {len(ended.stdout)} bytes: {ended.stderr[:200]}")
    messages = home.json("history")["messages"]
    expect(messages[1]["content"] == reply and messages[1]["status"] == "complete", "it is not stored as it came")
    ended = home.run("send", "--new", "--model", model, "-o", "ndjson", "Tell me everything.")
    events = [json.loads(line) for line in ended.stdout.splitlines()]
    expect("".join(event.get("content", "") for event in events) == reply, "the events do not give it")
    # Said again, it is part of what the model is sent.
    home.succeed("send", "--model", "simulator.echo", "And then?")


def long_conversation(tally, home, count):
    """A conversation with this many messages is read and continued as fast as a short one."""
    home.succeed("send", "--new", "--model", "simulator.echo", "Memory 0.")
    conversation = home.json("conversations", "--limit", "1")[0]["id"]
    connection = sqlite3.connect(home.database)
    model, time_text = connection.execute(
        "SELECT model_id, created_at FROM ai_messages WHERE conversation_id = ? AND role = 'assistant'", (conversation,)).fetchone()
    for index in range(1, count // 2):
        question, reply = str(uuid.uuid4()), str(uuid.uuid4())
        text = f"Memory {index}: plums, jam and the song she sang."
        connection.execute(
            "INSERT INTO ai_messages (id, conversation_id, seq, role, content, status, created_at)"
            " VALUES (?, ?, ?, 'user', ?, 'complete', ?)", (question, conversation, 2 * index + 1, text, time_text))
        connection.execute(
            "INSERT INTO ai_messages (id, conversation_id, seq, role, content, status, model_id, reply_to, created_at)"
            " VALUES (?, ?, ?, 'assistant', ?, 'complete', ?, ?, ?)",
            (reply, conversation, 2 * index + 2, f"Reply {index}.", model, question, time_text))
    connection.execute("UPDATE ai_conversations SET message_count = ? WHERE id = ?", (count, conversation))
    connection.commit()
    connection.close()
    home.check()

    def timed(*arguments):
        times = []
        for _ in range(5):
            began = time.monotonic()
            output = home.json(*arguments) if arguments[0] != "send" else home.succeed(*arguments)
            times.append(time.monotonic() - began)
        return output, sorted(times)[2]

    tail, tail_time = timed("history", conversation, "--tail", "2")
    expect([message["content"] for message in tail["messages"]] == [f"Memory {count // 2 - 1}: plums, jam and the song she sang.",
           f"Reply {count // 2 - 1}."] and tail["total"] == count and tail["has_more"], f"--tail gives {tail}")
    _, base_time = timed("personas")
    reply, send_time = timed("send", "--conversation", conversation, "--model", "simulator.echo", "And then?")
    expect(reply == "And then?\n", f"the reply is {reply!r}")
    whole = home.json("history", conversation)
    expect(len(whole["messages"]) == whole["total"] == count + 10 and not whole["has_more"], "the whole history is not whole")
    expect([message["role"] for message in whole["messages"]] == ["user", "assistant"] * (count // 2 + 5), "out of order")
    tally.say(f"limits: {count} messages: --tail 2 {tail_time * 1000:.0f} ms, send {send_time * 1000:.0f} ms, "
              f"beside {base_time * 1000:.0f} ms for a command without database")
    expect(tail_time < base_time + 1 and send_time < base_time + 1, f"slow: --tail {tail_time:.2f} s, send {send_time:.2f} s")
    home.check()


def names(home):
    """Names in every script are added, found again, listed and put before the model as they are."""
    for name in NAMES:
        added = home.json("legacies", "add", name)
        found = home.json("legacies", "add", name)
        expect(added["id"] == found["id"] and not found["created"], f"not found again: {name}")
        body = json.loads(home.succeed("send", "--dry-run", "--legacy", name, "Hello."))["body"]
        expect(name in body["system"][0]["text"], f"not in the prompt: {name}")
    listed = [legacy["name"] for legacy in home.json("legacies")]
    expect(sorted(listed) == sorted(NAMES), f"listed: {listed}")
    lines = home.succeed("legacies").splitlines()
    expect(len(lines) == len(NAMES) and all(line.count("\t") == lines[0].count("\t") for line in lines), "a table out of shape")


def torture(tally, programs, simulator, is_quick):
    """Everything at its largest."""
    home = Home(programs, simulator)
    home.succeed("legacies", "add", "Rose")
    tally.attempt("a message of 10,000 characters", lambda: longest_message(home))
    tally.attempt("one piece of 1 MB", lambda: large_reply(home, "simulator.large-1000000", "x" * 1_000_000))
    pieces = 50_000 if is_quick else 1_000_000
    letters = "".join(chr(ord("a") + index % 26) for index in range(pieces))
    tally.attempt(f"a reply of {pieces} pieces", lambda: large_reply(home, f"simulator.tiny-{pieces}", letters))
    count = 10_000 if is_quick else 100_000
    tally.attempt(f"a conversation of {count} messages", lambda: long_conversation(tally, home, count))
    home.remove()
    other = Home(programs, simulator)
    tally.attempt(f"{len(NAMES)} names", lambda: names(other))
    other.remove()
