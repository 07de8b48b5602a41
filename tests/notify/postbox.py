"""Servers on loopback that a test starts: one that takes mail, one that takes POSTs, each of which can misbehave."""

import socketserver
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from shutil import which
from typing import Any, NamedTuple

import pytest


class Mail(NamedTuple):
    """What the mail server took."""

    sender: str
    to: str
    raw: bytes

    @property
    def message(self) -> EmailMessage:
        found = message_from_bytes(self.raw, policy=policy.SMTP)
        assert isinstance(found, EmailMessage)
        return found

    @property
    def text(self) -> str:
        return str(self.message.get_content())


@dataclass
class MailServer:
    """Speaks enough SMTP. Its fields say how it misbehaves."""

    port: int = 0
    mails: list[Mail] = field(default_factory=list)
    connections: int = 0
    hangs_at: str = ""
    """greeting, or a verb in capitals: it says nothing from then on."""
    dies_after_data: int = 0
    """So many times it takes a mail and closes the connection instead of saying so."""
    answers: dict[str, str] = field(default_factory=dict)
    """A line of the client begins with … → what is said to it instead of yes."""
    login: tuple[str, str] | None = None
    tls: ssl.SSLContext | None = None
    over: threading.Event = field(default_factory=threading.Event)


class _Conversation(socketserver.StreamRequestHandler):
    post: MailServer

    def say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())
        self.wfile.flush()

    def handle(self) -> None:
        self.post.connections += 1
        if self.post.hangs_at == "greeting":
            self.post.over.wait(30)
            return
        self.say("220 postbox")
        self.sender, self.to, self.secure = "", "", False
        try:
            while line := self.rfile.readline():
                if not self.answer(line.decode().strip()):
                    return
        except OSError:
            return

    def finish(self) -> None:
        with suppress(OSError):
            super().finish()
        self.connection.close()

    def answer(self, line: str) -> bool:
        """Answer one line. False ends the conversation."""
        verb = line.split(" ")[0].upper()
        if self.post.hangs_at == verb:
            self.post.over.wait(30)
            return False
        refusal = next((said for start, said in self.post.answers.items() if line.upper().startswith(start)), None)
        if refusal:
            self.say(refusal)
            return not refusal.startswith("421")
        if verb == "DATA":
            return self.data()
        if verb == "MAIL":
            self.sender = line.partition("<")[2].partition(">")[0]
        elif verb == "RCPT":
            self.to = line.partition("<")[2].partition(">")[0]
        elif verb == "AUTH":
            return self.auth(line)
        elif verb == "STARTTLS":
            return self.starttls()
        elif verb == "EHLO":
            offers = [*(["STARTTLS"] if self.post.tls and not self.secure else []), "8BITMIME", "SMTPUTF8"]
            offers += ["AUTH PLAIN"] if self.post.login else []
            self.say("\r\n".join(f"250-{offer}" for offer in ["postbox", *offers]))
            self.say("250 HELP")
            return True
        self.say("221 bye" if verb == "QUIT" else "250 ok")
        return verb != "QUIT"

    def auth(self, line: str) -> bool:
        from base64 import b64decode

        _, user, password = b64decode(line.split(" ")[2]).decode().split("\0")
        good = (user, password) == self.post.login
        # A server that repeats what it was told: the password must not come out at the other end.
        self.say("235 welcome" if good else f"535 {user} with {password} is not known here")
        return True

    def starttls(self) -> bool:
        assert self.post.tls
        self.say("220 go on")
        self.connection = self.post.tls.wrap_socket(self.connection, server_side=True)
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb")
        self.secure = True
        return True

    def data(self) -> bool:
        self.say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        self.post.mails.append(Mail(self.sender, self.to, b"".join(lines)))
        if self.post.dies_after_data:
            self.post.dies_after_data -= 1
            return False
        self.say("250 kept")
        return True


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


@contextmanager
def mail_server(*, implicit_tls: bool = False, **given: Any) -> Iterator[MailServer]:
    """A mail server for the block."""
    post = MailServer(**given)
    handler = type("Conversation", (_Conversation,), {"post": post})
    with _Server(("127.0.0.1", 0), handler) as server:
        post.port = server.server_address[1]
        if implicit_tls:
            assert post.tls
            server.socket = post.tls.wrap_socket(server.socket, server_side=True)
        with _running(server, post.over):
            yield post


@contextmanager
def _running(server: socketserver.BaseServer, over: threading.Event) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield
    finally:
        over.set()
        server.shutdown()
        thread.join(10)


class Sent(NamedTuple):
    """A POST that came."""

    path: str
    headers: dict[str, str]
    body: bytes


Answering = Callable[["HookServer", Any], None]
"""What a receiver does once it has the whole body."""


@dataclass
class HookServer:
    """Takes POSTs. `answer` is what it does with each."""

    answer: Answering
    url: str = ""
    posts: list[Sent] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)


def says(status: int = 200, body: str = "ok", **headers: str) -> Answering:
    """Answers so."""

    def answer(hook: HookServer, request: Any) -> None:
        request.send_response(status)
        for name, value in {"Content-Length": str(len(body.encode())), **headers}.items():
            request.send_header(name.replace("_", "-"), value)
        request.end_headers()
        request.wfile.write(body.encode())

    return answer


def hangs(hook: HookServer, request: Any) -> None:
    """Never answers."""
    hook.over.wait(30)


def dies(hook: HookServer, request: Any) -> None:
    """Took it all, and is gone before it says so."""
    request.close_connection = True


def drips(hook: HookServer, request: Any) -> None:
    """Answers a byte at a time, each within any timeout, and never comes to an end."""
    try:
        while not hook.over.wait(0.05):
            request.wfile.write(b"H")
            request.wfile.flush()
    except OSError:
        return


def first(*answers: Answering) -> Answering:
    """One after the other; the last one for ever."""
    left = list(answers)

    def answer(hook: HookServer, request: Any) -> None:
        (left.pop(0) if len(left) > 1 else left[0])(hook, request)

    return answer


class _Receiver(BaseHTTPRequestHandler):
    hook: HookServer

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.hook.posts.append(Sent(self.path, {name.lower(): value for name, value in self.headers.items()}, body))
        self.hook.answer(self.hook, self)

    def log_message(self, format: str, *args: Any) -> None:
        """Quietly."""


class _Hooks(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is what some tests are about."""


@contextmanager
def hook_server(answer: Answering | None = None) -> Iterator[HookServer]:
    """A receiver of POSTs for the block."""
    hook = HookServer(answer or says())
    handler = type("Receiver", (_Receiver,), {"hook": hook})
    with _Hooks(("127.0.0.1", 0), handler) as server:
        hook.url = f"http://127.0.0.1:{server.server_address[1]}"
        with _running(server, hook.over):
            yield hook


def nobody_listens() -> int:
    """A port at which a connection is refused."""
    with socketserver.TCPServer(("127.0.0.1", 0), socketserver.BaseRequestHandler) as server:
        port: int = server.server_address[1]
    return port


def certificate(folder: Path) -> Path:
    """A certificate for localhost with its key, made for this run."""
    if which("openssl") is None:
        pytest.skip("no openssl here to make a certificate with")
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    subprocess.run(["openssl", "req", "-x509", *curve, *subject, *files], check=True, capture_output=True)
    return folder / "cert.pem"


def server_side(cert: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, cert.with_name("key.pem"))
    return context
