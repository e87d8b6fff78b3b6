"""What leaves the program: nothing that drives a terminal, no secret, no file but the database, no dump of its memory."""

import http.server
import json
import os
import pty
import resource
import signal
import sqlite3
import threading
import time

import faults
from harness import Home, expect

#: What would drive a terminal, with words between that show whether the rest has arrived.
POISON = "ro\x1b]0;title\x07se\x1b[2J\x9b31m\u202e\u2066\u2069\r\x08\x7f\x85 \u202ajam"
SECRETS = ["simulator-secret", "a-session-token", "an-api-key", "Signature=", "Bearer "]


def drives_terminal(text):
    """What of it a terminal would obey."""
    return [hex(ord(letter)) for letter in text
            if ord(letter) < 0x20 and letter not in "\n\t" or 0x7f <= ord(letter) <= 0x9f or "\u202a" <= letter <= "\u202e"
            or "\u2066" <= letter <= "\u2069"]


def check_safe(what, text):
    """None of it is in `text`."""
    expect(drives_terminal(text) == [], f"{what} drives the terminal: {drives_terminal(text)} in {text!r}")


class Poisoner(http.server.BaseHTTPRequestHandler):
    """A service whose errors are out to drive the terminal; the status is the end of the model id."""

    def do_POST(self):
        """Refuses."""
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = json.dumps({"message": POISON, "__type": f"Validation{POISON}Exception"}).encode()
        self.send_response(int(self.path.split("/")[2][-3:]))
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Says nothing."""


def arguments(home):
    """Every option and argument whose text comes back in an error."""
    send = home.run("send", "Hello.", "--model", POISON)
    yield "--model", send
    for words in (["legacies", "add", POISON], ["legacies", "rename", "Rose", POISON], ["history", POISON], ["delete", POISON, "--yes"],
                  ["personas", "show", POISON], [POISON], ["legacies", f"--{POISON}"], ["conversations", "--legacy", POISON],
                  ["history", "--limit", POISON], ["legacies", "-o", POISON]):
        yield " ".join(words), home.run(*words)
    for option in ("--legacy", "--persona", "--conversation", "--region", "--profile", "--endpoint-url", "--guardrail", "--title", "--user",
                   "--config", "--output", "--timeout"):
        yield option, home.run("send", "--new" if option != "--conversation" else "--quiet", "Hello.", option, POISON)
    yield "--database", home.run("legacies", "--database", f"/dev/null/{POISON}")
    for name in ("MOSAIC_AI_LEGACY", "MOSAIC_AI_OUTPUT", "AWS_PROFILE", "AWS_REGION", "AWS_CA_BUNDLE", "AWS_CONFIG_FILE"):
        yield name, home.run("send", "--new", "Hello.", **{name: POISON})
    config = home.folder / f"{POISON.replace('/', '')}.yaml"
    config.write_text(f'"{POISON.encode("unicode_escape").decode()}": 1\n')
    yield "a settings file", home.run("legacies", "--config", str(config))


def errors_are_safe(home):
    """Whatever comes back of what was typed or configured is harmless."""
    for what, ended in arguments(home):
        check_safe(f"an error about {what}", ended.stderr)
        check_safe(f"what {what} prints", ended.stdout)
        expect(ended.returncode != 70, f"{what} is taken for a bug: {ended.stderr}")


def server_texts_are_safe(home):
    """What a service says is made harmless, whatever its status, and still shown."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Poisoner)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        for status in (400, 403, 404, 418, 429, 500, 503):
            for output_format in ("text", "ndjson", "json"):
                ended = home.run("send", "Hello.", "--verbose", "--max-attempts", "2", "-o", output_format, "--model", f"m{status}",
                                 AWS_ENDPOINT_URL=f"http://127.0.0.1:{server.server_port}")
                expect(ended.returncode not in (0, 70), f"HTTP {status} ended with {ended.returncode}")
                check_safe(f"an error of HTTP {status}", ended.stderr)
                # JSON keeps the text, but escapes it.
                expect(not any(ord(letter) < 0x20 and letter != "\n" or 0x7f <= ord(letter) <= 0x9f for letter in ended.stdout),
                       f"HTTP {status} as {output_format} drives the terminal")
                expect(not any(secret in ended.stderr + ended.stdout for secret in SECRETS), f"HTTP {status} shows a secret")
    finally:
        server.shutdown()


def on_terminal(home, *words):
    """What a command shows on a terminal."""
    child, descriptor = pty.fork()
    if child == 0:
        os.execve(home.command()[0], home.command(*words), home.variables)
    shown = b""
    while True:
        try:
            piece = os.read(descriptor, 65536)
        except OSError:
            break
        if not piece:
            break
        shown += piece
    os.close(descriptor)
    os.waitpid(child, 0)
    return shown.decode()


def stored_texts_are_safe(home):
    """What is in a database that others wrote is harmless in every table."""
    home.succeed("send", "--new", "Hello.", "--model", "simulator.echo")
    connection = sqlite3.connect(home.database)
    connection.execute("UPDATE legacies SET name = ?", (POISON,))
    connection.execute("UPDATE ai_conversations SET title = ?", (POISON,))
    connection.execute("UPDATE ai_messages SET content = ?, model_id = ?", (POISON, POISON))
    connection.execute("INSERT INTO users SELECT 'u' || substr(id, 2), ?, created_at FROM users", (POISON,))
    connection.execute("INSERT INTO legacy_members SELECT l.id, u.id, 'member', l.created_at FROM legacies l, users u WHERE u.handle = ?",
                       (POISON,))
    connection.commit()
    legacy = connection.execute("SELECT id FROM legacies").fetchone()[0]
    connection.close()
    for words in (["legacies"], ["conversations"], ["history"], ["legacies", "members", legacy], ["history", "--verbose"]):
        ended = home.run(*words)
        expect(ended.returncode == 0 and "jam" in ended.stdout, f"{words} shows nothing: {ended.stderr}")
        check_safe(" ".join(words), ended.stdout + ended.stderr)
        shown = on_terminal(home, *words).replace("\r\n", "\n")
        for style in ("\x1b[0m", "\x1b[1m", "\x1b[2m", "\x1b[3m", "\x1b[31m", "\x1b[32m", "\x1b[33m", "\x1b[34m", "\x1b[36m"):
            shown = shown.replace(style, "")
        check_safe(f"{' '.join(words)} on a terminal", shown)
    # The name stands in the prompt on the one line it has.
    body = json.loads(home.succeed("send", "--new", "--legacy", legacy, "--dry-run", "Hello."))["body"]
    clean = Home.json(home, "send", "--new", "--legacy", legacy, "--dry-run", "Hello.")["body"]["system"][0]["text"]
    expect(body["system"][0]["text"] == clean, "the prompt changes")


def secrets_stay(home):
    """No secret is in what a command says, in the database, or in any file."""
    keys = {"AWS_SESSION_TOKEN": "a-session-token"}
    for more in (keys, {"AWS_BEARER_TOKEN_BEDROCK": "an-api-key"}):
        for words in (["send", "--verbose", "Hello."], ["send", "--dry-run", "Hello."], ["send", "--verbose", "Hello.", "-o", "json"],
                      ["send", "--verbose", "--max-attempts", "1", "Hello.", "--endpoint-url", "http://127.0.0.1:1"], ["doctor", "--verbose"]):
            ended = home.run(*words, **more)
            shown = ended.stdout + ended.stderr
            expect(not any(secret in shown for secret in SECRETS), f"{words} shows a secret: {shown}")
    for file in home.folder.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            expect(not any(secret.encode() in content for secret in SECRETS), f"{file} holds a secret")


def only_the_database_is_written(home, library):
    """Of all files on the machine only those of the database change."""
    log = home.folder / "calls.log"
    for words in (["send", "--new", "--verbose", "A word: xylophone.", "--model", "simulator.echo"], ["history"], ["send", "--dry-run", "Hi."]):
        home.run(*words, LD_PRELOAD=str(library), FAULT_FOLDER="/", FAULT_LOG=str(log))
    files = {call[1] for call in faults.read_log(log)} - {"shown", "/dev/null"}
    strangers = [file for file in files if not file.startswith(str(home.database)) and file != str(home.database.parent)]
    expect(files and strangers == [], f"written besides the database: {strangers}")
    log.unlink()
    for file in home.folder.rglob("*"):
        if file.is_file() and not str(file).startswith(str(home.database)):
            expect(b"xylophone" not in file.read_bytes(), f"{file} holds the message")


def dumps_core(command, variables, folder):
    """Whether a program that is ended by SIGQUIT leaves a dump."""
    limits = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (limits[1], limits[1]))
    try:
        silence = os.open(os.devnull, os.O_RDWR)
        child = os.posix_spawn("/bin/sh", ["sh", "-c", 'cd "$0" && exec "$@"', str(folder), *command], variables, file_actions=[
            (os.POSIX_SPAWN_DUP2, silence, number) for number in range(3)], setsigdef=[signal.SIGQUIT])
        os.close(silence)
        time.sleep(2)
        os.kill(child, signal.SIGQUIT)
        _, status = os.waitpid(child, 0)
    finally:
        resource.setrlimit(resource.RLIMIT_CORE, limits)
    expect(os.WIFSIGNALED(status), f"it did not die by the signal: {status}")
    return os.WCOREDUMP(status)


def no_core(tally, home):
    """A crash leaves no dump of the memory, in which messages and keys are."""
    if not dumps_core(["/bin/sleep", "60"], home.variables, home.folder):
        tally.say("  (this machine writes no core dumps at all: that mosaic-ai leaves none shows nothing here)")
    command = home.command("send", "--new", "--model", "simulator.hang-1", "Hello.")
    expect(not dumps_core(command, home.variables, home.folder), "it left a core dump")


def torture(tally, programs, simulator):
    """Everything that could leave."""
    def fresh():
        home = Home(programs, simulator)
        home.succeed("legacies", "add", "Rose")
        return home

    checks = [("errors", errors_are_safe), ("texts of a service", server_texts_are_safe), ("stored texts", stored_texts_are_safe),
              ("secrets", secrets_stay), ("core dumps", lambda home: no_core(tally, home))]
    home = fresh()
    library = faults.build_library(home.folder)
    if library is None:
        tally.say("SKIPPED which files are written: there is no C compiler (clang or cc)")
    else:
        checks.append(("files written", lambda home: only_the_database_is_written(home, library)))
    for name, check in checks:
        other = fresh()
        tally.attempt(f"outward: {name}", lambda: check(other))
        other.remove()
    home.remove()
