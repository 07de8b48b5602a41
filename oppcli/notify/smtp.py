"""Mail through an SMTP server: one connection for all letters of a run, encrypted unless told otherwise."""

import smtplib
import ssl
from collections.abc import Mapping
from typing import Any

from oppcli.errors import Undelivered
from oppcli.model.deliveries import Letter
from oppcli.model.said import say
from oppcli.notify import faults, mail
from oppcli.notify.addresses import PORTS
from oppcli.notify.secret import Source

GOODBYE_SECONDS = 2.0
MAILS_PER_CONNECTION = 20
"""Many servers end a connection after so many."""


class Smtp:
    """Talks to one server. `values`: host, port, security, user, password (a Source), from."""

    by_mail = True

    def __init__(self, values: Mapping[str, Any], timeout: float, environ: Mapping[str, str]) -> None:
        self.host: str = values["host"]
        self.security: str = values["security"]
        self.port: int = values.get("port") or PORTS[self.security]
        self.user: str = values.get("user", "")
        self.password: Source = values.get("password", Source())
        self.sender: str = values["from"]
        self.timeout, self.environ = timeout, environ
        self._open: smtplib.SMTP | None = None
        self._mails = 0
        self._secrets: tuple[str, ...] = ()

    def where(self) -> str:
        login = say(" as {user}", user=self.user) if self.user else ""
        return f"{self.host}:{self.port} {self.security}{login}"

    def lacks(self) -> str | None:
        if not self.user:
            return None
        try:
            self.password.read(self.environ)
        except Undelivered as missing:
            return missing.message
        return None

    def send(self, letter: Letter) -> None:
        """Returns when the server took the mail. Raises `Undelivered`; a connection that failed is not used again."""
        sender, to = mail.envelope(letter, self.sender)
        try:
            self._open = self._usable() or self._connected()
            self._mails += 1
            self._open.send_message(mail.message(letter, self.sender), sender, [to])
        except Exception as error:
            self._forget()
            raise self._fault(error) from None

    def _usable(self) -> smtplib.SMTP | None:
        """The open connection, if the server is still there and has not had enough of it."""
        if self._open is None:
            return None
        if self._mails >= MAILS_PER_CONNECTION:
            self.close()
            return None
        try:
            alive = self._open.noop()[0] == 250
        except (OSError, smtplib.SMTPException):
            alive = False
        if not alive:
            self._forget()
        return self._open

    def _connected(self) -> smtplib.SMTP:
        server = self._greeted()
        try:
            if self.security == "starttls":
                server.starttls(context=ssl.create_default_context())
            if self.user:
                password = self.password.read(self.environ)
                self._secrets = (password,)
                server.login(self.user, password)
        except BaseException:
            server.close()
            raise
        return server

    def _greeted(self) -> smtplib.SMTP:
        self._mails = 0
        if self.security == "ssl":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(self.host, self.port, timeout=self.timeout, context=context)
        return smtplib.SMTP(self.host, self.port, timeout=self.timeout)

    def _forget(self) -> None:
        if self._open is not None:
            self._open.close()
        self._open = None

    def _fault(self, error: Exception) -> Undelivered:
        """A refused recipient or text is this letter's; everything else is the server's."""
        match error:
            case Undelivered():
                return error
            case smtplib.SMTPRecipientsRefused():
                code, text = next(iter(error.recipients.values()))
                return self._answered(say("the server refuses the address"), code, text, down=code == 421)
            case smtplib.SMTPDataError():
                return self._answered(
                    say("the server refuses the text"), error.smtp_code, error.smtp_error, down=error.smtp_code == 421
                )
            case smtplib.SMTPAuthenticationError():
                return self._answered(say("the login is refused"), error.smtp_code, error.smtp_error, down=True)
            case smtplib.SMTPSenderRefused():
                return self._answered(say("the sender is refused"), error.smtp_code, error.smtp_error, down=True)
            case smtplib.SMTPResponseException():
                return self._answered(say("the server says no"), error.smtp_code, error.smtp_error, down=True)
            case smtplib.SMTPServerDisconnected():
                # What the library makes of a wait that ran out.
                cause = TimeoutError() if "timed out" in str(error) else ConnectionResetError()
                return Undelivered(faults.said(cause, self.timeout), down=True)
            case smtplib.SMTPNotSupportedError() | UnicodeError():
                return Undelivered(self._unsupported(error), down=not isinstance(error, UnicodeError))
            case _:
                return Undelivered(faults.said(error, self.timeout, self._secrets), down=True)

    def _answered(self, what: str, code: int, text: bytes | str, *, down: bool) -> Undelivered:
        said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
        return Undelivered(faults.line(f"{what}: {code} {said}", self._secrets), down=down)

    def _unsupported(self, error: Exception) -> str:
        if isinstance(error, UnicodeError):
            # The text of the error may hold a character of the password.
            return say("an address or the login has letters that this server cannot take")
        if self.security == "starttls":
            return say("the server offers no STARTTLS or no login")
        return faults.line(str(error), self._secrets).lower()

    def close(self) -> None:
        if self._open is None:
            return
        try:
            if self._open.sock:
                self._open.sock.settimeout(min(self.timeout, GOODBYE_SECONDS))
            self._open.quit()
        except (OSError, smtplib.SMTPException):
            self._forget()
        self._open = None
