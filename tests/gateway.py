"""A gateway as towns rent one: a real HTTP server on this machine that takes what is posted, or does not."""

import contextlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple


class Post(NamedTuple):
    path: str
    headers: dict[str, str]
    data: dict


class Gateway:
    """``posts`` is what arrived. ``moods`` say, one a request, what it does; then it takes everything.

    A mood is a status, (status, object), "drop" (hangs up after it has read everything), "slow", or a function that is
    called before it answers.
    """

    SLOW = 2  # seconds

    def __init__(self):
        self.posts, self.moods, gateway = [], [], self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                gateway.posts.append(Post(self.path, dict(self.headers), json.loads(body)))
                gateway.answer(self)

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)
        self.thread.start()

    def answer(self, handler) -> None:
        mood = self.moods.pop(0) if self.moods else 200
        if mood == "drop":
            handler.close_connection = True
            handler.connection.close()
            return
        if callable(mood):
            mood = mood() or 200
        if mood == "slow":
            time.sleep(self.SLOW)
            mood = 200
        status, said = mood if isinstance(mood, tuple) else (mood, {"errcode": 0, "id": f"G{len(self.posts)}"})
        body = json.dumps(said).encode()
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(body)))
        if 300 <= status < 400:
            handler.send_header("Location", f"{self.url}/elsewhere")
        with contextlib.suppress(OSError):  # whoever asked may be gone
            handler.end_headers()
            handler.wfile.write(body)

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(5)
