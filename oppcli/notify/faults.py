"""How the failure of a connection reads: short, in small letters, and without what a library would add."""

import ssl
from http.client import HTTPException, IncompleteRead, RemoteDisconnected
from socket import gaierror

from oppcli.model.said import of_system, say
from oppcli.notify.secret import masked

_LONGEST = 200


def said(error: BaseException, seconds: float, secrets: tuple[str, ...] = ()) -> str:
    """What went wrong, for one line. Never the text of an address or a secret."""
    if isinstance(error, RemoteDisconnected | IncompleteRead | BrokenPipeError | ConnectionResetError):
        return say("the connection was closed before an answer came")
    if isinstance(error, TimeoutError):
        return say("no answer within {seconds:g} s", seconds=seconds)
    if isinstance(error, ConnectionRefusedError):
        return say("connection refused")
    if isinstance(error, ssl.SSLCertVerificationError):
        return say("the certificate is not trusted: {verify_message}", verify_message=error.verify_message)
    if isinstance(error, ssl.SSLError):
        return say(
            "no secure connection: {reason}", reason=(error.reason or "handshake failed").lower().replace("_", " ")
        )
    if isinstance(error, gaierror):
        return say("no such host")
    if isinstance(error, HTTPException):
        # Its text may hold the address.
        return say("not an answer in HTTP ({name})", name=type(error).__name__)
    if isinstance(error, OSError) and error.strerror:
        return of_system(error)
    return line(f"{type(error).__name__}: {error}", secrets)


def line(text: str, secrets: tuple[str, ...] = ()) -> str:
    """One line, of bounded length, without secrets and control characters."""
    shown = masked(text, secrets)
    flat = " ".join("".join(char if char.isprintable() else " " for char in shown).split())
    return flat if len(flat) <= _LONGEST else f"{flat[: _LONGEST - 1]}…"
