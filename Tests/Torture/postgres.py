"""A PostgreSQL server of the torture's own, a way to it that can be disturbed, and a home whose database it is."""

import json
import os
import pathlib
import shutil
import socket
import struct
import subprocess
import tempfile
import threading
import time
import urllib.parse

from harness import Home

#: Who may come from where: one role has a password, one may not come.
ACCESS = """
local all all trust
host all guarded all scram-sha-256
host all unwelcome all reject
host all all 127.0.0.1/32 trust
host all all 10.213.0.0/16 trust
"""


def programs_of_postgres():
    """The folder of the newest installed server's programs; None without one."""
    versions = [path for path in pathlib.Path("/usr/lib/postgresql").glob("*/bin") if (path / "initdb").exists()]
    return max(versions, key=lambda path: int(path.parent.name), default=None)


def why_not():
    """Why there can be no server here; None if there can."""
    if programs_of_postgres() is None or shutil.which("psql") is None:
        return "PostgreSQL is not installed"
    if os.geteuid() == 0 and subprocess.run(["id", "postgres"], capture_output=True, check=False).returncode != 0:
        return "there is no user postgres to run it as"
    return None


def free_port():
    """A port that nobody uses."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        return server.getsockname()[1]


class Server:
    """A server in a temporary folder, until `remove`."""

    def __init__(self, addresses="127.0.0.1", connections=100):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="mosaic-ai-postgres-"))
        self.port = free_port()
        self.before = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        if self.before:
            shutil.chown(self.folder, "postgres")
        self.run("initdb", "-D", self.folder / "data", "-U", "postgres", "-A", "trust", "--locale=C.UTF-8", "-E", "UTF8")
        settings = {
            "unix_socket_directories": self.folder, "listen_addresses": addresses, "port": self.port,
            "max_connections": connections, "log_line_prefix": "%m [%p] %a ",
        }
        with open(self.folder / "data" / "postgresql.conf", "a", encoding="utf-8") as file:
            file.writelines(f"{name} = '{value}'\n" for name, value in settings.items())
        (self.folder / "data" / "pg_hba.conf").write_text(ACCESS)
        self.start()

    def run(self, program, *arguments):
        """Runs one of the server's own programs, which must succeed."""
        with open(os.devnull, "w", encoding="utf-8") as nowhere:
            # What pg_ctl starts would keep a pipe open.
            subprocess.run(
                [*self.before, programs_of_postgres() / program, *arguments], stdin=subprocess.DEVNULL, stdout=nowhere,
                stderr=nowhere, check=True, cwd="/", start_new_session=True)

    def control(self, action, *arguments):
        """Starts, stops or restarts it."""
        self.run("pg_ctl", "-D", self.folder / "data", "-w", "-l", self.folder / "log", action, *arguments)

    def start(self):
        """Starts it."""
        self.control("start")

    def stop(self, mode="fast"):
        """Stops it."""
        self.control("stop", "-m", mode)

    def restart(self):
        """Restarts it as after a crash."""
        self.control("restart", "-m", "immediate")

    def remove(self):
        """Stops it, and takes everything away."""
        try:
            self.stop("immediate")
        except subprocess.CalledProcessError:
            pass
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, database, role="postgres", host="127.0.0.1", port=None, parameters=""):
        """The URL of a database; `role` may have a password behind a colon."""
        return f"postgresql://{role}@{host}:{port or self.port}/{database}{'?' if parameters else ''}{parameters}"

    def socket_url(self, database, role="postgres"):
        """The URL of a database by the socket."""
        return f"postgresql://{role}@{urllib.parse.quote(str(self.folder), safe='')}:{self.port}/{database}"

    def sql(self, statements, database="postgres", **variables):
        """Runs SQL by psql, as a superuser and in the program's schema; what psql prints."""
        ended = subprocess.run(
            ["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", self.folder, "-p", str(self.port), "-U", "postgres",
             "-d", database, *(word for name, value in variables.items() for word in ("-v", f"{name}={value}"))],
            env={"PATH": os.environ["PATH"], "PGOPTIONS": "-c search_path=mosaic_ai,public -c default_transaction_read_only=off",
                 "PGAPPNAME": "torture", "PGCLIENTENCODING": "UTF8"},
            input=statements, capture_output=True, text=True, check=False, timeout=60)
        if ended.returncode != 0:
            raise RuntimeError(f"psql: {ended.stderr.strip()}")
        return ended.stdout.strip("\n")

    def query(self, database, sql, *parameters):
        """Rows, read by psql."""
        for number in range(len(parameters)):
            sql = sql.replace("?", f":'p{number}'", 1)
        rows = self.sql(
            f"SELECT coalesce(json_agg(rows), '[]') FROM ({sql}) rows", database,
            **{f"p{number}": value for number, value in enumerate(parameters)})
        return json.loads(rows, object_pairs_hook=lambda pairs: tuple(value for _, value in pairs))

    def terminate(self, database):
        """Cuts the program's connections to a database."""
        self.sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'mosaic-ai' AND datname = :'name'",
            name=database)

    def fill(self, role, database, count):
        """Connects that often, and gives the connections that were let in."""
        connections = []
        for _ in range(count):
            connection = socket.create_connection(("127.0.0.1", self.port))
            words = b"".join(word.encode() + b"\0" for word in ("user", role, "database", database)) + b"\0"
            connection.sendall(struct.pack("!ii", len(words) + 8, 196608) + words)
            answer = connection.recv(65536)
            if answer[:1] == b"R":
                connections.append(connection)
            else:
                connection.close()
        return connections


class ServerHome(Home):
    """A home whose database is a new one on a server."""

    count = 0
    lock = threading.Lock()

    def __init__(self, programs, simulator, server, make_url=None):
        super().__init__(programs, simulator)
        with ServerHome.lock:
            ServerHome.count += 1
            self.name = f"torture{ServerHome.count}"
        self.server = server
        server.sql(f"CREATE DATABASE {self.name}")
        self.variables["MOSAIC_AI_DATABASE"] = (make_url or server.url)(self.name)

    def query(self, sql, *parameters):
        """Rows of the database, read by psql."""
        return self.server.query(self.name, sql, *parameters)

    def check(self):
        """What the database counts is what is there, and nothing is there twice."""
        self.check_counts()
        twice = self.query(
            "SELECT reply_to, count(*) FROM ai_messages WHERE role = 'assistant' AND status <> 'superseded'"
            " GROUP BY reply_to HAVING count(*) > 1")
        if twice:
            raise RuntimeError(f"answered twice: {twice[:3]}")


class Proxy:
    """A way to the server that can be cut, slow, or dead, until `close`."""

    def __init__(self, port):
        self.target = port
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.condition = threading.Condition()
        self.pairs = []
        self.is_refusing = False
        self.is_hanging = False
        self.delay = 0
        #: After that many bytes everything is cut.
        self.left = None
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        """Takes whoever comes."""
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            if self.is_refusing:
                client.close()
                continue
            try:
                server = socket.create_connection(("127.0.0.1", self.target))
            except OSError:
                client.close()
                continue
            with self.condition:
                self.pairs.append((client, server))
            for source, sink in ((client, server), (server, client)):
                threading.Thread(target=self.pump, args=(source, sink), daemon=True).start()

    def pump(self, source, sink):
        """Hands on what comes."""
        try:
            while data := source.recv(65536):
                if self.delay:
                    time.sleep(self.delay)
                with self.condition:
                    while self.is_hanging:
                        self.condition.wait()
                    is_end = self.left is not None and len(data) >= self.left
                    if self.left is not None:
                        data = data[:self.left]
                        self.left = None if is_end else self.left - len(data)
                sink.sendall(data)
                if is_end:
                    self.cut()
        except OSError:
            pass
        for end in (source, sink):
            self.shut(end)

    @staticmethod
    def shut(end):
        """Ends a connection for both sides."""
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass

    def cut(self, is_rude=False):
        """Ends all connections, politely or not."""
        with self.condition:
            pairs, self.pairs = self.pairs, []
        for pair in pairs:
            for end in pair:
                if is_rude:
                    try:
                        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    except OSError:
                        pass
                self.shut(end)

    def hang(self, is_hanging):
        """Hands on nothing any more, or all of it."""
        with self.condition:
            self.is_hanging = is_hanging
            self.condition.notify_all()

    def disturb(self, chance):
        """Does something of all that can happen to a connection; gives what it was."""
        what = chance.choice(["cut", "reset", "cut within", "slow", "hang, cut", "hang", "away"])
        if what in ("cut", "reset"):
            self.cut(is_rude=what == "reset")
        elif what == "cut within":
            with self.condition:
                self.left = chance.randrange(1, 3000)
        elif what == "slow":
            self.delay = chance.uniform(0.01, 0.3)
            time.sleep(chance.uniform(0.5, 2))
            self.delay = 0
        elif what.startswith("hang"):
            self.hang(True)
            time.sleep(chance.uniform(0.5, 3))
            if what != "hang":
                self.cut()
            self.hang(False)
        else:
            self.is_refusing = True
            self.cut()
            time.sleep(chance.uniform(0.5, 3))
            self.is_refusing = False
        return what

    def close(self):
        """Ends it."""
        self.is_refusing = True
        self.listener.close()
        self.hang(False)
        self.cut()
