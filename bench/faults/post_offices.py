"""A mail server and a gateway of text messages that take what comes, or do what such servers do on a bad day.

A mood befalls one letter. For mail: ``refuse`` (451), ``slow``, ``twice`` (says 250 two times), ``hang up`` (takes the
letter and is gone before it says so). For text messages: ``refuse`` (503), ``slow``, ``twice`` (answers two times on
one connection), ``hang up`` (takes it and is gone), ``broken`` (takes it and answers 500).
"""

import json
import random
import socketserver
import threading
import time
from collections import Counter
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

MAIL_MOODS = ["refuse", "slow", "twice", "hang up"]
SMS_MOODS = [*MAIL_MOODS, "broken"]
SLOW = 1.5  # seconds


class Temper:
    """Which letter meets which mood: so many moods, in turn, each letter with the same chance, until all are used."""

    def __init__(self, name: str, moods: list[str], number: int, chance: float, seed: int):
        self.name, self.moods, self.left, self.chance = name, moods, number, chance
        self.random, self.lock, self.met = random.Random(seed), threading.Lock(), Counter()

    def of_the_next(self) -> str:
        with self.lock:
            if not self.left or self.random.random() > self.chance:
                return ""
            self.left -= 1
            mood = self.moods[self.left % len(self.moods)]
            self.met[f"{self.name} {mood}"] += 1
            return mood


class Office:
    """What an office of either kind keeps: how often each number was taken, its temper, whether it refuses all."""

    def __init__(self, temper: Temper, pause: float):
        self.temper, self.pause, self.refusing = temper, pause, False
        self.taken, self.lock = Counter(), threading.Lock()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def mood(self) -> str:
        time.sleep(self.pause)
        mood = "refuse" if self.refusing else self.temper.of_the_next()
        if mood == "slow":
            time.sleep(SLOW)
        return mood

    def take(self, number: str) -> None:
        with self.lock:
            self.taken[number] += 1

    @property
    def repeats(self) -> int:
        return sum(self.taken.values()) - len(self.taken)


class MailServer(Office, socketserver.ThreadingTCPServer):
    daemon_threads = allow_reuse_address = True

    def __init__(self, temper: Temper, pause: float):
        socketserver.ThreadingTCPServer.__init__(self, ("127.0.0.1", 0), Conversation)
        Office.__init__(self, temper, pause)


class Conversation(socketserver.StreamRequestHandler):
    """As much of SMTP as a client needs."""

    def handle(self) -> None:
        with suppress(OSError):
            self._say("220 bench")
            while line := self.rfile.readline():
                word = line[:4].upper().strip()
                if word == b"DATA":
                    self._say("354 go on")
                    self._take()
                elif word == b"QUIT":
                    self._say("221 bye")
                    break
                else:
                    self._say("250 ok")

    def _take(self) -> None:
        lines = list(iter(self.rfile.readline, b".\r\n"))
        if b"" in lines:
            raise OSError("the client is gone")
        mood = self.server.mood()
        if mood == "refuse":
            self._say("451 later")
            return
        self.server.take(next(line for line in lines if line.lower().startswith(b"message-id:")).decode())
        if mood == "hang up":
            raise OSError("as if the server had died")
        for _ in range(2 if mood == "twice" else 1):
            self._say("250 taken")

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


class Gateway(Office, ThreadingHTTPServer):
    """A gateway that forgets keys: what is posted twice goes out twice."""

    daemon_threads = allow_reuse_address = True

    def __init__(self, temper: Temper, pause: float):
        ThreadingHTTPServer.__init__(self, ("127.0.0.1", 0), Posting)
        Office.__init__(self, temper, pause)


class Posting(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        key = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["id"]
        mood = self.server.mood()
        if mood == "refuse":
            self._say(503)
            return
        self.server.take(key)
        if mood == "hang up":
            self.close_connection = True
            self.connection.close()
            return
        for _ in range(2 if mood == "twice" else 1):
            self._say(500 if mood == "broken" else 200)

    def _say(self, status: int) -> None:
        body = json.dumps({"id": "G"}).encode()
        with suppress(OSError):  # whoever asked may be gone
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, *args) -> None:
        pass
