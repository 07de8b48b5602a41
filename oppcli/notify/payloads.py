"""A letter as JSON: one plain form, and the forms that the chat bots take, each signed the way its receiver checks.

Slack: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
Feishu: https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot (timestamp in seconds; the text
"timestamp\\nsecret" is the key of the HMAC, over nothing)
DingTalk: https://open.dingtalk.com/document/robots/custom-robot-access (timestamp in milliseconds; the secret is the
key, over "timestamp\\nsecret"; both go into the address)
WeCom: https://developer.work.weixin.qq.com/document/path/91770
"""

import hmac
import json
from base64 import b64encode
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from oppcli.model.command import command
from oppcli.model.deliveries import Letter
from oppcli.model.said import Said, listed, say
from oppcli.speech import ENGLISH, Voice, spoken
from oppcli.tuples import NamedTuple
from oppcli.words.shown import to_the_second

Body = dict[str, Any]


class Post(NamedTuple):
    """What is sent where."""

    url: str
    body: bytes
    headers: Mapping[str, str]


class Answer(NamedTuple):
    """What came back."""

    status: int
    body: Mapping[str, Any]
    """The JSON object, empty when it was none."""
    text: str


class Format(NamedTuple):
    """How one kind of receiver wants it."""

    build: Callable[[Letter, str], Body]
    """(letter, how the receiver calls the person or "") → body."""
    code: tuple[str, ...] = ()
    """Fields of the answer of which the first there must be 0; none: a 2xx says it all."""
    busy: tuple[int, ...] = ()
    """Codes that say: too many at once."""
    sign: Callable[[str, str, Body, float], tuple[str, Body]] | None = None
    """(secret, url, body, seconds since 1970) → both signed; None: a signature of our own in the headers."""


def plain(letter: Letter) -> Body:
    """Everything there is to say."""
    return {
        "id": letter.key,
        "at": to_the_second(letter.at),
        "to": {"login": letter.login, "name": letter.name, "email": letter.email},
        "subject": letter.subject,
        "text": letter.text,
        **({"html": letter.html} if letter.html else {}),
        "notices": [item._asdict() | {"at": to_the_second(item.at)} for item in letter.items],
    }


def slack(letter: Letter, called: str) -> Body:
    # Slack reads <!channel> and <@U1> in a text as mentions, so what people typed is escaped as it says.
    text = _said(letter, "" if called else f"{_name(letter)}: ")
    safe = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return {"text": cut(f"<@{called}> {safe}" if called else safe, 12_000, letter.lang)}


def feishu(letter: Letter, called: str) -> Body:
    text = broken(_said(letter, f"{_name(letter)}: "), "<at")
    return {
        "msg_type": "text",
        "content": {"text": cut(f'<at user_id="{called}"></at> ' * bool(called) + text, 18_000, letter.lang)},
    }


def dingtalk(letter: Letter, called: str) -> Body:
    text = _said(letter, f"@{called} " if called else f"{_name(letter)}: ")
    at = {"at": {"atUserIds": [called], "isAtAll": False}} if called else {}
    return {"msgtype": "text", "text": {"content": cut(text, 18_000, letter.lang)}, **at}


def wecom(letter: Letter, called: str) -> Body:
    text = cut(broken(_said(letter, f"{_name(letter)}: "), "<@"), 2_000, letter.lang)
    return {"msgtype": "text", "text": {"content": text, **({"mentioned_list": [called]} if called else {})}}


def _name(letter: Letter) -> str:
    return letter.name if letter.name == letter.login else f"{letter.name} ({letter.login})"


def _said(letter: Letter, whom: str) -> str:
    return f"{whom}{letter.subject}\n\n{letter.text}"


def broken(text: str, tag: str) -> str:
    """The text in which nobody is mentioned: what the receiver would take for a mention is broken up."""
    return text.replace(tag, f"< {tag[1:]}")


def cut(text: str, most: int, lang: str = ENGLISH) -> str:
    """The text, or as many whole lines of it as fit into so many bytes, and how many are left out."""
    if len(text.encode()) <= most:
        return text
    lines = text.splitlines()
    kept: list[str] = []
    room = most - 60
    for line in lines:
        room -= len(line.encode()) + 1
        if room < 0:
            break
        kept.append(line)
    if not kept:
        kept = [lines[0].encode()[: most - 60].decode("utf-8", "ignore")]
    left = sum(1 for line in lines[len(kept) :] if line.startswith("- "))
    where = listed([command("inbox"), command("notices", "list")])
    more = spoken(say("… {n} more: {commands}", n=left, commands=where), Voice(lang=lang)) if left else "…"
    return "\n".join([*kept, more])


def sign_feishu(secret: str, url: str, body: Body, at: float) -> tuple[str, Body]:
    stamp = str(int(at))
    mark = b64encode(hmac.digest(f"{stamp}\n{secret}".encode(), b"", "sha256")).decode()
    return url, {"timestamp": stamp, "sign": mark, **body}


def sign_dingtalk(secret: str, url: str, body: Body, at: float) -> tuple[str, Body]:
    stamp = str(int(at * 1000))
    mark = b64encode(hmac.digest(secret.encode(), f"{stamp}\n{secret}".encode(), "sha256")).decode()
    query = urlencode({"timestamp": stamp, "sign": mark})
    return f"{url}{'&' if '?' in url else '?'}{query}", body


FORMATS: dict[str, Format] = {
    "plain": Format(lambda letter, called: plain(letter)),
    "slack": Format(slack),
    "feishu": Format(feishu, code=("code", "StatusCode"), busy=(9499, 11232), sign=sign_feishu),
    "dingtalk": Format(dingtalk, code=("errcode",), busy=(130101, 90030), sign=sign_dingtalk),
    "wecom": Format(wecom, code=("errcode",), busy=(45009, 45033)),
}


def post(name: str, letter: Letter, *, url: str, called: str, secret: str, at: float) -> Post:
    """The request, signed when there is a secret. `at`: seconds since 1970, by the real clock, since receivers refuse
    old signatures."""
    wanted = FORMATS[name]
    body = wanted.build(letter, called)
    if secret and wanted.sign:
        url, body = wanted.sign(secret, url, body, at)
    return signed(url, body, key=letter.key, secret="" if wanted.sign else secret, at=at)


def signed(url: str, body: Body, *, key: str, secret: str, at: float) -> Post:
    """A request under a key that a repetition is told by, with a signature of our own in its headers when there is a
    secret."""
    packet = packed(body)
    headers = {"Content-Type": "application/json; charset=utf-8", "Idempotency-Key": key}
    if secret:
        stamp = str(int(at))
        headers |= {"X-Opp-Timestamp": stamp, "X-Opp-Signature": f"sha256={signature(secret, stamp, packet)}"}
    return Post(url, packet, headers)


def signature(secret: str, stamp: str, body: bytes) -> str:
    """HMAC-SHA256 in hex over `timestamp.body`: what a receiver computes to see that it is from us, and when."""
    return hmac.digest(secret.encode(), stamp.encode() + b"." + body, "sha256").hex()


def refusal(name: str, answer: Answer, plain: Callable[[str], str]) -> tuple[Said, bool] | None:
    """(what it says, whether it is the channel's fault and not the letter's) of an answer; None for a yes. `plain`
    makes one short line of what the receiver wrote."""
    wanted = FORMATS[name]
    code = next((answer.body[field] for field in wanted.code if field in answer.body), None)
    said = next((answer.body[field] for field in ("msg", "errmsg", "StatusMessage") if field in answer.body), "")
    if wanted.code and code is not None and code != 0:
        busy = code in wanted.busy or answer.status == 429
        what = say("{name} says {code}", name=name, code=plain(str(code)))
        return _with(what, plain(str(said))), busy
    if not 200 <= answer.status < 300:
        # 400, 413 and 422 speak of this body; everything else of the address, the rights or the server.
        if answer.status in range(300, 400):
            return say("HTTP {status}: it redirects, and nothing is sent there", status=answer.status), True
        what = say("HTTP {status}", status=answer.status)
        return _with(what, plain(answer.text)), answer.status not in (400, 413, 422)
    if wanted.code and code is None:
        return say("HTTP {status}, but not an answer of {name}", status=answer.status, name=name), True
    return None


def _with(what: Said, text: str) -> Said:
    return say("{what} {text}", what=what, text=text) if text else what


def packed(body: Body) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
