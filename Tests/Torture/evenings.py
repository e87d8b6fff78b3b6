"""Evenings of `chat` with someone whose cat walks over the keyboard."""

import fcntl
import os
import random
import re
import select
import signal
import struct
import subprocess
import termios
import threading
import time

from harness import PATIENCE, Home, Wrong, expect, in_parallel

#: How the service behaves.
SCENARIOS = [
    "echo", "normal", "slow-20", "hang-2", "hang-headers", "cut-3-1", "tiny-300", "emoji", "controls", "thinking", "quota",
    "throttle-retry-after-1-1", "text-chunks-5", "blank", "max-tokens",
]
#: What is typed besides letters.
KEYS = [
    "\x01", "\x02", "\x03", "\x04", "\x05", "\x06", "\x08", "\x0b", "\x0c", "\x0e", "\x10", "\x14", "\x15", "\x17", "\x19", "\x1a", "\x1c",
    "\x1f", "\x7f", "\t", "\r", "\n", "\x1b\r", "\\\r", "\x1b", "\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D", "\x1b[H", "\x1b[F", "\x1b[3~", "\x1bb",
    "\x1bf", "\x1bd", "\x1b\x7f", "\x1b[1;5D", "\x1b[200~", "\x1b[201~", "\x1bOA", "\x1b[99;99;99~", "\x1b]0;title\x07", "\x00", "\x9b",
]
TEXTS = [
    "a", "word ", "東京の夏", "Zoë", "e\u0301", "👩🏽‍🌾", "🇫🇷", "ﷺ", "\u202e", "한국어", "नमस्ते", "/", "//", "/help", "/retry", "/new", "/history 3",
    "/search word", "/title A title", "/usage", "/question", "/question skip", "/persona friend", "/legacy Karl", "/nonsense", "/quit",
    "/export evening.md", "x" * 300, "word " * 200, "y" * 11_000,
]
#: How a program may end: by itself, by Ctrl-\\, and by what it was sent.
ENDINGS = {0, -signal.SIGQUIT}


def tell(pid, number):
    """Sends a signal to a program that may have ended."""
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass


def lead(child, writer):
    """Leads the session of a program, and ends as it does, a while later: with its leader a terminal loses what is on its way."""
    os.write(writer, str(child).encode())
    os.closerange(3, 1024)
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGHUP, signal.SIGTSTP):
        signal.signal(number, signal.SIG_IGN)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    time.sleep(0.5)
    if status < 0:
        if status != -signal.SIGKILL:
            signal.signal(-status, signal.SIG_DFL)
        os.kill(os.getpid(), -status)
    os._exit(status)


class Terminal:
    """A terminal, and what was written to it."""

    def __init__(self):
        self.master, self.slave = os.openpty()
        self.resize(80)
        self.before = termios.tcgetattr(self.slave)
        self.shown = b""
        # In packet mode it tells whether Ctrl-S has stopped it, and when it discarded what was on its way to the screen, as
        # it does at Ctrl-C once the program has put it back (tty_ioctl(4)).
        self.is_stopped = False
        self.discarded_after = 0
        fcntl.ioctl(self.master, termios.TIOCPKT, struct.pack("i", 1))
        os.set_blocking(self.master, False)
        self.ended, self.end = os.pipe()
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        """Notes what comes, until the end."""
        while self.ended not in select.select([self.master, self.ended], [], [])[0]:
            try:
                piece = os.read(self.master, 65536)
            except BlockingIOError:
                continue
            status = piece[0]
            if status == termios.TIOCPKT_DATA:
                self.shown += piece[1:]
            if status & termios.TIOCPKT_FLUSHWRITE:
                self.discarded_after = len(self.shown)
            if status & (termios.TIOCPKT_STOP | termios.TIOCPKT_START):
                self.is_stopped = bool(status & termios.TIOCPKT_STOP)

    def type(self, keys):
        """Types text, or bytes. What a terminal has no room for is not typed."""
        data = keys if isinstance(keys, bytes) else keys.encode()
        try:
            while data:
                data = data[os.write(self.master, data[:512]):]
        except BlockingIOError:
            pass

    def resize(self, columns):
        """Gives it another width."""
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))

    def check_restored(self, status):
        """It is as it was found, however the program ended."""
        # What was written last may still be on its way.
        time.sleep(0.3)
        expect(termios.tcgetattr(self.slave) == self.before, f"after {status} the terminal is not as it was")
        pastes = list(re.finditer(rb"\x1b\[\?2004([hl])", self.shown))
        if pastes and pastes[-1].end() > self.discarded_after and not self.is_stopped:
            expect(pastes[-1][1] == b"l", f"after {status} the terminal is left bracketing pastes: {self.shown[-200:]}")

    def close(self):
        """Hangs up."""
        # A reader that went on would read what the next terminal shows, which gets the same descriptors.
        os.write(self.end, b".")
        self.reader.join()
        for descriptor in (self.slave, self.master, self.ended, self.end):
            os.close(descriptor)


class Evening:
    """One home, and one conversation after the other."""

    def __init__(self, home, seed):
        self.home = home
        self.random = random.Random(seed)
        self.sent = []
        self.count = 0

    def word(self):
        """A word that nothing else has."""
        self.count += 1
        return f"sent{self.count}word"

    def stored(self, word):
        """How many of the user's messages have it."""
        return self.home.query("SELECT count(*) FROM ai_messages WHERE role = 'user' AND instr(content, ?)", word)[0][0]

    def talk(self, until):
        """One conversation, up to a moment."""
        terminal = Terminal()
        reader, writer = os.pipe()

        def own_terminal():
            signal.pthread_sigmask(signal.SIG_SETMASK, [])
            os.setsid()
            fcntl.ioctl(terminal.slave, termios.TIOCSCTTY, 0)
            child = os.fork()
            if child:
                lead(child, writer)

        options = self.random.choice([[], [], ["--plain"], ["--new"], ["--legacy", "Karl"]])
        variables = {"TERM": self.random.choice(["xterm", "xterm", "dumb"]), "MOSAIC_AI_LEGACY": "Rose", "TMPDIR": str(self.home.folder)}
        process = subprocess.Popen(
            self.home.command("chat", "--model", f"simulator.{self.random.choice(SCENARIOS)}:{self.count}", *options),
            env={**self.home.variables, **variables}, stdin=terminal.slave, stdout=terminal.slave, stderr=terminal.slave,
            cwd=self.home.folder, preexec_fn=own_terminal)
        os.close(writer)
        pid = int(os.read(reader, 20))
        os.close(reader)
        allowed = set(ENDINGS)
        try:
            # Before it has begun, signals and keys are the terminal's.
            deadline = time.monotonic() + PATIENCE
            while b"> " not in terminal.shown and process.poll() is None and time.monotonic() < deadline:
                time.sleep(0.02)
            while process.poll() is None and time.monotonic() < until:
                self.step(terminal, process, pid, allowed)
            if process.poll() is None:
                self.leave(terminal, process, pid, allowed)
            try:
                status = process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                raise Wrong(f"it does not end: {terminal.shown[-300:]}") from None
            expect(status in allowed, f"ended with {status}: {terminal.shown[-500:]}")
            terminal.check_restored(status)
        finally:
            tell(pid, signal.SIGKILL)
            process.wait()
            terminal.close()

    def step(self, terminal, process, pid, allowed):
        """Does anything."""
        choice = self.random.random()
        if choice < 0.45:
            terminal.type("".join(self.random.choice(TEXTS[:-1] if choice < 0.4 else TEXTS) for _ in range(self.random.randrange(1, 4))))
        elif choice < 0.75:
            terminal.type(self.random.choice(KEYS))
        elif choice < 0.80:
            terminal.type(bytes(self.random.randrange(256) for _ in range(self.random.randrange(1, 30))))
        elif choice < 0.85:
            lines = "\n".join(self.random.choice(TEXTS[:-4]) for _ in range(self.random.randrange(1, 40)))
            terminal.type(f"\x1b[200~{lines}\x1b[201~")
        elif choice < 0.91:
            terminal.resize(self.random.choice([1, 2, 5, 20, 40, 79, 80, 200]))
        elif choice < 0.94:
            tell(pid, signal.SIGINT)
        elif choice < 0.96:
            tell(pid, signal.SIGSTOP)
            tell(pid, signal.SIGCONT)
        elif choice < 0.965:
            number = self.random.choice([signal.SIGTERM, signal.SIGHUP])
            allowed.add(-number)
            tell(pid, number)
        else:
            self.say(terminal, process)
        time.sleep(self.random.choice([0, 0, 0.01, 0.05]))

    def say(self, terminal, process):
        """Sends a message with care: from then on it must not get lost."""
        # On with what Ctrl-S stopped, out of a paste or an escape that was begun, out of a reply, and away with what is
        # typed.
        terminal.type("\x11\x1b[201~")
        time.sleep(0.1)
        terminal.type("\x03")
        time.sleep(0.1)
        word = self.word()
        page = "\n".join(self.random.choice(TEXTS[:6]) for _ in range(self.random.randrange(1, 10)))
        terminal.type(f"{word} " if self.random.random() < 0.5 else f"\x1b[200~{word}\n{page}\x1b[201~")
        time.sleep(0.1)
        terminal.type("\r")
        # Long texts that were typed before come first.
        deadline = time.monotonic() + 20
        while not self.stored(word):
            if process.poll() is not None:
                return
            if time.monotonic() > deadline:
                # The prompt may have been a question, or the key may have come while a reply was stopped.
                return
            time.sleep(0.05)
        self.sent.append(word)

    def leave(self, terminal, process, pid, allowed):
        """Leaves in one way or another."""
        number = self.random.choice([None, None, signal.SIGTERM, signal.SIGHUP])
        if number:
            allowed.add(-number)
            tell(pid, number)
            return
        deadline = time.monotonic() + 30
        while process.poll() is None and time.monotonic() < deadline:
            terminal.type("\x11\x1b[201~")
            time.sleep(0.2)
            terminal.type("\x03\x03\x04")
        if process.poll() is None:
            # After Ctrl-S, and more keys than a terminal has room for, not even Ctrl-Q comes through.
            allowed.add(-signal.SIGTERM)
            tell(pid, signal.SIGTERM)

    def check(self):
        """Every word that was sent is there."""
        for word in self.sent:
            expect(self.stored(word) > 0, f"{word} is lost")
        expect(len(self.sent) > 0, "nothing was sent")
        self.home.check()
        self.home.check_settled()


def torture(tally, programs, simulator, seconds, parallel, seed):
    """Spends `seconds` in evenings, as many at a time as are quiet enough for a person at a keyboard."""
    count = min(parallel, 4)
    words = []

    def evening(index):
        home = Home(programs, simulator)
        try:
            home.succeed("legacies", "add", "Rose")
            home.succeed("legacies", "add", "Karl")
            evening = Evening(home, f"{seed}-{index}")
            end = time.monotonic() + seconds / count
            while time.monotonic() < end:
                evening.talk(min(end, time.monotonic() + evening.random.choice([2, 5, 20])))
            evening.check()
            words.append(len(evening.sent))
        finally:
            home.remove()

    in_parallel(count, [
        lambda slot, index=index: tally.attempt(f"evening {seed}-{index}", lambda: evening(index)) for index in range(count)])
    tally.say(f"evenings: {sum(words)} messages were sent with care, and none is lost")
