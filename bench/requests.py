"""Requests as the web server makes them: through every middleware, signed in, connection kept."""

import io
from collections.abc import Callable

from django.core.wsgi import get_wsgi_application
from django.test import Client, RequestFactory

from accounts.models import User


class Browser:
    """``Browser("clerk1").get("/patrols/")`` answers a call that makes the request and returns what came."""

    def __init__(self, username: str = ""):
        self.application = get_wsgi_application()
        self.factory = RequestFactory()
        if username:
            client = Client()
            client.force_login(User.objects.get(username=username), backend="accounts.sign_in.NameOrMobile")
            self.factory.cookies = client.cookies

    def get(self, path: str, status: int = 200) -> Callable[[], bytes]:
        environ = self.factory.get(path, SERVER_NAME="localhost").environ
        return lambda: self._ask(environ, status)

    def _ask(self, environ: dict, status: int) -> bytes:
        said = []
        body = {"wsgi.input": io.BytesIO(environ["wsgi.input"].read())} if environ.get("CONTENT_LENGTH") else {}
        answer = self.application({**environ, **body}, lambda line, headers: said.append(line))
        content = b"".join(answer)
        answer.close()
        if not said[0].startswith(str(status)):
            raise RuntimeError(f"{environ['PATH_INFO']} answered {said[0]}")
        return content
