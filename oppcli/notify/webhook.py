"""A webhook: one POST of JSON per letter or event. Redirects are not followed; proxies are those of the environment."""

import json
import time
import urllib.request
from collections.abc import Mapping
from http.client import HTTPException
from typing import Any
from urllib.error import URLError
from urllib.parse import urlsplit

from oppcli import __version__
from oppcli.errors import Undelivered
from oppcli.model.deliveries import Letter
from oppcli.model.said import listed, say
from oppcli.notify import addresses, faults, payloads
from oppcli.notify.secret import Source

_KEPT = 64 * 1024
"""Bytes of an answer that are read."""


class Webhook:
    """One address. `values`: url (a Source), format, secret (a Source), ids."""

    by_mail = False

    def __init__(self, values: Mapping[str, Any], timeout: float, environ: Mapping[str, str]) -> None:
        self.url: Source = values["url"]
        self.format: str = values.get("format", "plain")
        self.secret: Source = values.get("secret", Source())
        self.ids: Mapping[str, str] = values.get("ids", {})
        self.timeout, self.environ = timeout, environ

    def where(self) -> str:
        place = (
            addresses.shown(self.url.plain) if self.url.plain else say("the address in {shown}", shown=self.url.shown)
        )
        return listed((place, self.format), " ")

    def lacks(self) -> str | None:
        try:
            self._address()
            self._secret()
        except Undelivered as missing:
            return missing.message
        return None

    def _address(self) -> str:
        url = self.url.read(self.environ).strip()
        objection = addresses.wrong(url)
        if objection:
            raise Undelivered(
                say("the address in {shown} {objection}", shown=self.url.shown or say("url"), objection=objection),
                down=True,
            )
        return url

    def _secret(self) -> str:
        return self.secret.read(self.environ) if self.secret.given else ""

    def send(self, letter: Letter) -> None:
        """Returns when the receiver said yes. Raises `Undelivered`."""
        url, secret = self._address(), self._secret()
        called = self.ids.get(letter.login, "")
        self._post(payloads.post(self.format, letter, url=url, called=called, secret=secret, at=time.time()), secret)

    def tell(self, key: str, body: Mapping[str, Any]) -> None:
        """The same of an event."""
        url, secret = self._address(), self._secret()
        self._post(payloads.signed(url, {**body}, key=key, secret=secret, at=time.time()), secret)

    def _post(self, post: payloads.Post, secret: str) -> None:
        hidden = (*addresses.hidden(post.url), *([secret] if secret else []))
        try:
            answer = self._answer(post)
        except (OSError, HTTPException, ValueError) as error:
            cause = error.reason if isinstance(error, URLError) and isinstance(error.reason, Exception) else error
            raise Undelivered(faults.said(cause, self.timeout, hidden), down=True) from None
        refused = payloads.refusal(self.format, answer, lambda text: faults.line(text, hidden))
        if refused:
            raise Undelivered(refused[0], down=refused[1])

    def _answer(self, post: payloads.Post) -> payloads.Answer:
        headers = {**post.headers, "User-Agent": f"opp/{__version__}"}
        request = urllib.request.Request(post.url, data=post.body, headers=headers, method="POST")
        with _opener(post.url).open(request, timeout=self.timeout) as response:
            status: int = response.status
            try:
                text = response.read(_KEPT).decode("utf-8", "replace")
            except (OSError, HTTPException):
                # The status was an answer; what it would have said besides is needed by the chat bots only.
                text = ""
        return payloads.Answer(status, _object(text), text.strip().partition("\n")[0])

    def close(self) -> None:
        """Nothing stays open."""


def _opener(url: str) -> urllib.request.OpenerDirector:
    """Without the handlers that follow redirects, raise for a status, or open other things than HTTP."""
    opener = urllib.request.OpenerDirector()
    near = urlsplit(url).hostname in addresses.LOOPBACK
    for handler in (
        urllib.request.ProxyHandler({} if near else None),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
    ):
        opener.add_handler(handler)
    return opener


def _object(text: str) -> Mapping[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
