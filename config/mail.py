"""E-mail leaves through SMTP; a demo town's e-mail goes to the log and nowhere else."""

from django.conf import settings
from django.core.mail.backends import console, smtp
from django.core.mail.backends.base import BaseEmailBackend

from accounts.demo import is_demo


class Backend(BaseEmailBackend):
    def send_messages(self, messages) -> int:
        outward = not is_demo() and settings.EMAIL_HOST
        backend = smtp.EmailBackend() if outward else console.EmailBackend()
        return backend.send_messages(messages)
