"""Requests as the web server makes them: through every middleware, signed in, connection kept."""

import io
from collections.abc import Callable

from django.test import Client, RequestFactory

from accounts.models import User
from config.wsgi import application

TOKEN = "x" * 32


class Browser:
    """``Browser("clerk1").get("/patrols/")`` answers a call that makes the request and returns what came."""

    def __init__(self, username: str = ""):
        self.application = application
        self.factory = RequestFactory(HTTP_X_CSRFTOKEN=TOKEN)
        if username:
            client = Client()
            self.user = User.objects.get(username=username)
            client.force_login(self.user, backend="accounts.sign_in.NameOrMobile")
            self.factory.cookies = client.cookies
            self.factory.cookies["csrftoken"] = TOKEN

    def get(self, path: str, status: int = 200) -> Callable[[], bytes]:
        environ = self.factory.get(path, SERVER_NAME="localhost").environ
        return lambda: self._ask(environ, b"", status)

    def post(self, path: str, data: dict, status: int = 200) -> Callable[[], bytes]:
        environ = self.factory.post(path, data, SERVER_NAME="localhost").environ
        body = environ["wsgi.input"].read()
        return lambda: self._ask(environ, body, status)

    def _ask(self, environ: dict, body: bytes, status: int) -> bytes:
        said = []
        answer = self.application({**environ, "wsgi.input": io.BytesIO(body)}, lambda line, _: said.append(line))
        content = b"".join(answer)
        answer.close()
        if not said[0].startswith(str(status)):
            raise RuntimeError(f"{environ['PATH_INFO']} answered {said[0]}: {content[:500].decode(errors='replace')}")
        return content
