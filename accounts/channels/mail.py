"""E-mail: one connection to the mail server for many letters. A demo town's go to the log (config/mail.py)."""

import contextlib
import smtplib

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from . import Down, Later, Letter, Logged, Refused, Sent, Unclear

PERMANENT = 500  # SMTP: 4xx is for now, 5xx for good


class Mail:
    """Opens its connection with the first letter; after a fault a new one."""

    def __init__(self, *, outward: bool):
        self.outward, self.connection = outward and bool(settings.EMAIL_HOST), None

    def send(self, letter: Letter) -> Sent:
        mail = self._mail(letter)
        mail.connection = self._open()
        try:
            mail.send()
        except smtplib.SMTPRecipientsRefused as error:
            code = max((code for code, _ in error.recipients.values()), default=PERMANENT)
            raise (Refused if code >= PERMANENT else Later)(f"收件地址被退回：{code}") from error
        except smtplib.SMTPSenderRefused as error:
            raise Down(f"发件地址被拒绝：{error.smtp_code}") from error
        except smtplib.SMTPDataError as error:
            fault = Refused if error.smtp_code >= PERMANENT else Later
            raise fault(f"邮件服务器不收这封信：{error.smtp_code}") from error
        except (smtplib.SMTPException, OSError) as error:
            raise Unclear(f"发到一半断了：{error}") from error
        return Sent() if self.outward else Logged()

    def _open(self):
        if self.connection is None:
            connection = get_connection()
            try:
                connection.open()
            except smtplib.SMTPAuthenticationError as error:
                raise Down(f"邮件服务器不认账号或密码：{error.smtp_code}", for_good=True) from error
            except (smtplib.SMTPException, OSError) as error:
                raise Down(f"连不上邮件服务器：{error}") from error
            self.connection = connection
        return self.connection

    def _mail(self, letter: Letter) -> EmailMessage:
        domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
        body = "\n\n".join(filter(None, [letter.body, letter.link]))
        site = settings.SITE["title"]
        return EmailMessage(
            f"【{site}】{letter.subject}",
            f"{body}\n\n{site}（这封信由系统发出，不用回复）",
            to=[letter.to],
            headers={"Message-ID": f"<{letter.key}@{domain}>"},
        )

    def close(self) -> None:
        if self.connection is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                self.connection.close()
        self.connection = None
