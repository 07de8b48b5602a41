"""How a person's PIN is checked, and the one-time code with which they set one."""

from oppcli.model.noun import noun


@noun
class Credential:
    """Stored beside the person; the journal keeps its digest alone."""

    login: str
    salt: str
    """16 bytes, hexadecimal, of the PIN or of the code."""
    verifier: str | None = None
    """Of the PIN; None while only a code is out."""
    code: str | None = None
    """Verifier of the one-time code."""
    code_ends: int | None = None
    earlier: str | None = None
    """JSON list: the secrets of the PINs before, each under the one after it, newest first."""

    @property
    def digest(self) -> str:
        """SHA-256 over all of it, in hexadecimal digits."""
        import json

        from oppcli.model.digest import sha256

        whole = [self.login, self.salt, self.verifier, self.code, self.code_ends, self.earlier]
        return sha256(json.dumps(whole).encode())
