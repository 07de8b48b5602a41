"""Signatures beside files, checked by `ssh-keygen` (https://man.openbsd.org/ssh-keygen#Y)."""

import base64
import binascii
import subprocess
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from oppcli.errors import OppError, UsageError
from oppcli.model.said import say

NAMESPACE = "opp-answer"
"""What a signature is for: one made for something else is none here."""
KINDS = ("ssh-ed25519", "ssh-rsa", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521")
ON_TOKENS = ("sk-ssh-ed25519@openssh.com", "sk-ecdsa-sha2-nistp256@openssh.com")
SECONDS = 20


def public_key(text: str) -> str:
    """The public key of a file (`ssh-ed25519 AAAA…`) without its comment. Refused (2) for anything else, a private key
    above all."""
    if "PRIVATE KEY" in text:
        raise UsageError(say("that is a private key, which nobody else needs; give the file that ends in .pub"))
    words = [line.split() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    if len(words) != 1 or len(words[0]) < 2 or not _is_key(*words[0][:2]):
        raise UsageError(
            say("not a public key of OpenSSH: {begin!r}", begin=text.strip()[:20]), hint="ssh-keygen -t ed25519"
        )
    return " ".join(words[0][:2])


def _is_key(kind: str, data: str) -> bool:
    """Whether the data say themselves which kind they are (RFC 4253, 6.6)."""
    try:
        raw = base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError):
        return False
    return kind in (*KINDS, *ON_TOKENS) and raw[4 : 4 + int.from_bytes(raw[:4], "big")] == kind.encode()


def signer(data: bytes, signature: Path, keys: Mapping[str, str]) -> str | None:
    """Whose key (by login) made this signature over these bytes; None for nobody's here. Refused without `ssh-keygen`,
    and where it does not answer."""
    known = {f"person{place}": login for place, login in enumerate(sorted(keys))}
    with TemporaryDirectory() as folder:
        allowed = Path(folder) / "allowed"
        lines = (f'{name} namespaces="{NAMESPACE}" {keys[login]}\n' for name, login in known.items())
        allowed.write_text("".join(lines), "utf-8")
        given = ["-f", str(allowed), "-s", str(signature)]
        name = _answer(["-Y", "find-principals", *given], data).partition("\n")[0].strip()
        if name not in known:
            return None
        return known[name] if _answer(["-Y", "verify", *given, "-I", name, "-n", NAMESPACE], data) else None


def _answer(line: list[str], data: bytes) -> str:
    """What it says; nothing where it says no."""
    try:
        done = subprocess.run(
            ["ssh-keygen", *line],
            input=data,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except FileNotFoundError:
        raise OppError(
            say("a signature cannot be checked here: there is no ssh-keygen"), hint=say("install OpenSSH")
        ) from None
    except subprocess.TimeoutExpired:
        raise OppError(say("a signature cannot be checked here: ssh-keygen does not answer")) from None
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else ""
