"""Webhooks against a receiver on loopback that says yes, says no, hangs, drips, refuses and dies half-way."""

import hashlib
import hmac
import json
import time
from base64 import b64encode
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from letters import LETTER, TEXT, channel
from postbox import Answering, dies, drips, first, hangs, hook_server, nobody_listens, says

from oppcli.errors import Undelivered
from oppcli.notify import payloads

SECRET = "s3cret-of-the-hook"
TOKEN = "T000000000/B00000000/xoxXoxXoxXoxXox"


def refused(answer: Answering, **table: Any) -> Undelivered:
    """What is said of a receiver that behaves so."""
    with hook_server(answer) as hook:
        seconds = 0.3 if answer in (hangs, drips) else 5
        wanted = channel(kind="webhook", url=f"{hook.url}/{TOKEN}?key={SECRET}", timeout=seconds, **table)
        with pytest.raises(Undelivered) as raised:
            wanted.send(LETTER)
    return raised.value


def test_a_plain_hook_gets_everything_with_its_key_and_a_signature_over_time_and_body() -> None:
    with hook_server(says(204, "")) as hook:
        channel({"HOOK": SECRET}, kind="webhook", url=f"{hook.url}/in", secret_env="HOOK").send(LETTER)
    (post,) = hook.posts
    said = json.loads(post.body)
    stamp = post.headers["x-opp-timestamp"]
    expected = hmac.new(SECRET.encode(), f"{stamp}.".encode() + post.body, hashlib.sha256).hexdigest()
    assert post.path == "/in"
    assert post.headers["idempotency-key"] == said["id"] == LETTER.key
    assert post.headers["content-type"] == "application/json; charset=utf-8"
    assert post.headers["x-opp-signature"] == f"sha256={expected}"
    assert abs(int(stamp) - time.time()) < 60
    assert said["to"] == {"login": "wang", "name": "王芳", "email": "wang@example.com"}
    assert said["at"] == "2026-03-02T09:00:00Z"
    assert said["notices"] == [
        {"id": 7, "kind": "opened", "request": "R-31", "deal": "D-142", "text": TEXT, "at": "2026-03-02T09:00:00Z"}
    ]


def test_a_hook_without_a_secret_gets_no_signature() -> None:
    with hook_server() as hook:
        channel(kind="webhook", url=hook.url).send(LETTER)
    assert not [name for name in hook.posts[0].headers if name.startswith("x-opp")]


def test_feishu_gets_its_own_signature_in_the_body_and_a_mention() -> None:
    with hook_server(says(body='{"code":0,"msg":"success","data":{}}')) as hook:
        table: dict[str, Any] = {
            "kind": "webhook",
            "url": hook.url,
            "format": "feishu",
            "secret_env": "HOOK",
            "ids": {"wang": "ou_1"},
        }
        channel({"HOOK": SECRET}, **table).send(LETTER)
    said = json.loads(hook.posts[0].body)
    key = f"{said['timestamp']}\n{SECRET}".encode()
    assert said["sign"] == b64encode(hmac.new(key, b"", hashlib.sha256).digest()).decode()
    assert abs(int(said["timestamp"]) - time.time()) < 60
    assert said["msg_type"] == "text"
    assert said["content"]["text"].startswith('<at user_id="ou_1"></at> 王芳 (wang): opp: 1 waiting')
    assert TEXT in said["content"]["text"]


def test_dingtalk_gets_its_own_signature_in_the_address_and_a_mention() -> None:
    with hook_server(says(body='{"errcode":0,"errmsg":"ok"}')) as hook:
        url = f"{hook.url}/robot/send?access_token={TOKEN}"
        table: dict[str, Any] = {
            "kind": "webhook",
            "url": url,
            "format": "dingtalk",
            "secret_env": "HOOK",
            "ids": {"wang": "u1"},
        }
        channel({"HOOK": SECRET}, **table).send(LETTER)
    asked = parse_qs(urlsplit(hook.posts[0].path).query)
    said = json.loads(hook.posts[0].body)
    (stamp,) = asked["timestamp"]
    expected = hmac.new(SECRET.encode(), f"{stamp}\n{SECRET}".encode(), hashlib.sha256).digest()
    assert asked["sign"] == [b64encode(expected).decode()]
    assert asked["access_token"] == [TOKEN]
    assert abs(int(stamp) / 1000 - time.time()) < 60
    assert said["at"] == {"atUserIds": ["u1"], "isAtAll": False}
    assert said["text"]["content"].startswith("@u1 opp: 1 waiting")


def test_wecom_and_slack_get_text_and_a_mention() -> None:
    with hook_server(says(body='{"errcode":0,"errmsg":"ok"}')) as hook:
        channel(kind="webhook", url=hook.url, format="wecom", ids={"wang": "WangFang"}).send(LETTER)
        channel(kind="webhook", url=hook.url, format="slack", ids={"wang": "U1"}).send(LETTER)
    wecom, slack = (json.loads(post.body) for post in hook.posts)
    assert wecom["text"]["mentioned_list"] == ["WangFang"]
    assert TEXT in wecom["text"]["content"]
    assert slack["text"].startswith("<@U1> opp: 1 waiting")
    assert TEXT in slack["text"]


INJECTED = '<!channel> <@U9> <at user_id="all"></at> & 王'


@pytest.mark.parametrize("name", ["slack", "feishu", "wecom"])
def test_what_people_typed_mentions_nobody(name: str) -> None:
    letter = LETTER._replace(name=INJECTED, text=INJECTED)
    post = payloads.post(name, letter, url="https://x.example", called="", secret="", at=0.0)
    said = json.dumps(json.loads(post.body), ensure_ascii=False)
    assert "王" in said
    tags = {"slack": ("<!", "<@"), "feishu": ("<at",), "wecom": ("<@",)}[name]
    assert [tag for tag in tags if tag in said] == []


@pytest.mark.parametrize(("name", "most"), [("wecom", 2_048), ("feishu", 20_000), ("dingtalk", 20_000)])
def test_a_long_digest_fits_and_says_how_much_is_left_out(name: str, most: int) -> None:
    text = "\n".join(["Waiting (900)", *(f"- {TEXT} {n}" for n in range(900))])
    post = payloads.post(name, LETTER._replace(text=text), url="https://x.example", called="", secret="", at=0.0)
    said = json.loads(post.body)
    content = (said.get("text") or said.get("content")).get("content") or said["content"]["text"]
    kept = content.count("\n- ")
    assert len(content.encode()) <= most
    assert 0 < kept < 900
    assert content.endswith(f"… {900 - kept} more: opp inbox, opp notices list")


@pytest.mark.parametrize(
    ("name", "answer", "text", "down"),
    [
        ("plain", says(500, "oh\nno"), "HTTP 500 oh", True),
        ("plain", says(400, "what?"), "HTTP 400 what?", False),
        ("plain", says(404, ""), "HTTP 404", True),
        ("plain", says(429, "slowly"), "HTTP 429 slowly", True),
        (
            "plain",
            says(302, "", Location="http://127.0.0.1:1/"),
            "HTTP 302: it redirects, and nothing is sent there",
            True,
        ),
        ("feishu", says(body='{"code":19021,"msg":"sign match fail"}'), "feishu says 19021 sign match fail", False),
        ("feishu", says(400, '{"code":9499,"msg":"too many request"}'), "feishu says 9499 too many request", True),
        ("dingtalk", says(body='{"errcode":310000,"errmsg":"no keyword"}'), "dingtalk says 310000 no keyword", False),
        ("wecom", says(body='{"errcode":45009,"errmsg":"freq"}'), "wecom says 45009 freq", True),
        ("wecom", says(body="<html>proxy</html>"), "HTTP 200, but not an answer of wecom", True),
        ("plain", says(500, f"\x1b[31m{'x' * 10_000}"), f"HTTP 500 [31m{'x' * 195}…", True),
        ("plain", says(500, "abc", Content_Length="zwei"), "HTTP 500 abc", True),
        ("wecom", says(body='{"errcode":{"a":[1]},"errmsg":["\\u0007b"]}'), "wecom says {'a': [1]} ['\\x07b']", False),
        ("plain", hangs, "no answer within 0.3 s", True),
        ("plain", drips, "no answer within 0.9 s", True),
        ("plain", dies, "the connection was closed before an answer came", True),
    ],
)
def test_a_receiver_that_does_not_say_yes_is_reported_in_one_line_in_bounded_time(
    name: str, answer: Answering, text: str, down: bool
) -> None:
    begun = time.monotonic()
    fault = refused(answer, format=name)
    assert (fault.message, fault.down) == (text, down)
    assert time.monotonic() - begun < 3


def test_where_nobody_listens_the_connection_is_refused() -> None:
    with pytest.raises(Undelivered, match=r"^connection refused$") as raised:
        channel(kind="webhook", url=f"http://127.0.0.1:{nobody_listens()}/", timeout=1).send(LETTER)
    assert raised.value.down


def test_a_name_that_does_not_exist_is_said_so() -> None:
    with pytest.raises(Undelivered, match=r"no such host|no answer") as raised:
        channel(kind="webhook", url="http://nobody.invalid/", timeout=5).send(LETTER)
    assert raised.value.down


def test_an_answer_that_dies_after_its_status_counts_as_one() -> None:
    with hook_server(says(200, "ok", Content_Length="100000")) as hook:
        channel(kind="webhook", url=hook.url, timeout=0.3).send(LETTER)
    assert len(hook.posts) == 1


def test_an_unanswered_letter_goes_out_again_under_the_same_key() -> None:
    with hook_server(first(dies, says())) as hook:
        wanted = channel(kind="webhook", url=hook.url)
        with pytest.raises(Undelivered):
            wanted.send(LETTER)
        wanted.send(LETTER)
    assert [post.headers["idempotency-key"] for post in hook.posts] == [LETTER.key, LETTER.key]
    assert hook.posts[0].body == hook.posts[1].body


def test_what_a_receiver_repeats_of_address_or_secret_is_masked() -> None:
    echo = says(403, f"no right for {TOKEN.split('/')[2]} with {SECRET}")
    fault = refused(echo)
    assert fault.message == "HTTP 403 no right for ••• with •••"


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({}, "HOOK_URL is not set"),
        ({"HOOK_URL": " "}, "HOOK_URL is empty"),
        (
            {"HOOK_URL": "file:///etc/passwd"},
            "the address in $HOOK_URL does not begin with https://HOST or http://HOST",
        ),
        ({"HOOK_URL": "http://a b/"}, "the address in $HOOK_URL holds a space or a letter that must be written as %XX"),
    ],
)
def test_an_address_that_is_missing_or_no_good_is_said_without_it(environ: dict[str, str], said: str) -> None:
    wanted = channel(environ, kind="webhook", url_env="HOOK_URL")
    with pytest.raises(Undelivered) as raised:
        wanted.send(LETTER)
    assert (raised.value.message, raised.value.down, wanted.carrier.lacks()) == (said, True, said)


def test_a_channel_is_shown_by_its_host_alone() -> None:
    url = f"https://user:{SECRET}@hooks.example.com:8443/services/{TOKEN}"
    assert channel(kind="webhook", url=url).carrier.where() == "https://hooks.example.com:8443/… plain"
