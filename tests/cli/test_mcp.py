"""`opp mcp`: an agent's tools are the commands themselves, in its person's name, through the channel `agent`; it
decides nothing, and only its answers are on stdout. The client here is written by hand; the official one is a guest."""

import io
import json
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import matrix
import pytest
from begun import begun
from command_line import InProcess, Process, _at, _streams

from oppcli.cli import app, tools, tree
from oppcli.cli.context import Context
from oppcli.model.journal import AGENT
from oppcli.rules import verbs

Message = dict[str, Any]
HELLO: Message = {
    "jsonrpc": "2.0",
    "id": 0,
    "method": "initialize",
    "params": {"protocolVersion": "2025-03-26", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}},
}


def asked(number: int | str, method: str, **params: Any) -> Message:
    return {"jsonrpc": "2.0", "id": number, "method": method, "params": params}


def call(name: str, **arguments: Any) -> Message:
    return asked(1, "tools/call", name=name, arguments=arguments)


def lines(*messages: Message | str) -> bytes:
    texts = (each if isinstance(each, str) else json.dumps(each, ensure_ascii=False) for each in messages)
    return "".join(f"{text}\n" for text in texts).encode()


def served(opp: InProcess, *messages: Message | str, user: str = "li", flags: str = "") -> list[Any]:
    """The answers to messages, after which stdin ends."""
    answer = opp(f"{flags} mcp".strip(), stdin=lines(*messages), user=user)
    assert (answer.code, answer.err) == (0, "")
    return [json.loads(line) for line in answer.out.splitlines()]


def result(opp: InProcess, name: str, *, user: str = "li", **arguments: Any) -> Any:
    (answer,) = served(opp, call(name, **arguments), user=user)
    return answer["result"]


def answer_of(opp: InProcess, name: str, *, user: str = "li", **arguments: Any) -> Any:
    """What a tool says, as JSON; it must not be an error."""
    found = result(opp, name, user=user, **arguments)
    assert not found["isError"], found
    return json.loads(found["content"][0]["text"])


def error_of(opp: InProcess, name: str, *, user: str = "li", **arguments: Any) -> Any:
    found = result(opp, name, user=user, **arguments)
    assert found["isError"], found
    return json.loads(found["content"][0]["text"])["error"]


@pytest.fixture
@begun
def team(opp_on_both: InProcess) -> InProcess:
    """wang leads li, who has a deal."""
    opp = opp_on_both
    opp.ok("init --template b2b --lang en")
    opp.ok("user add li --manager wang")
    opp.ok("add Plant --customer Acme --amount 5000", user="li")
    return opp


# --- the protocol --------------------------------------------------------------------------------------------------


def test_the_version_is_negotiated(opp: InProcess) -> None:
    newer = {**HELLO, "params": {"protocolVersion": "2099-01-01"}}
    first, second = served(opp, HELLO, newer)
    assert (first["id"], first["result"]["protocolVersion"]) == (0, "2025-03-26")
    assert second["result"]["protocolVersion"] == "2025-11-25"
    assert (first["result"]["serverInfo"]["name"], "tools" in first["result"]["capabilities"]) == ("opp", True)


def test_notifications_and_answers_are_not_answered(opp: InProcess) -> None:
    told = {"jsonrpc": "2.0", "method": "notifications/initialized"}
    unknown = {"jsonrpc": "2.0", "method": "notifications/nobody-knows", "params": [1]}
    (only,) = served(opp, told, unknown, {"jsonrpc": "2.0", "id": 7, "result": {}}, "", asked("x", "ping"))
    assert only == {"jsonrpc": "2.0", "id": "x", "result": {}}


@pytest.mark.parametrize(
    ("message", "number", "code"),
    [
        ("no JSON", None, -32700),
        ('{"jsonrpc": "2.0", "id": 3', None, -32700),
        ("[" * 100_000, None, -32700),
        ("[]", None, -32600),
        ('{"id": 3}', 3, -32600),
        ('{"id": {}, "method": "ping"}', None, -32600),
        (asked(3, "resources/list"), 3, -32601),
        (asked(3, "initialize"), 3, -32602),
        ({"jsonrpc": "2.0", "id": 3, "method": "ping", "params": [1]}, 3, -32602),
        (asked(3, "tools/call", name=5), 3, -32602),
        (asked(3, "tools/call", name="ls", arguments=[1]), 3, -32602),
        (asked(3, "tools/call", name="teleport", arguments={}), 3, -32602),
        (asked(3, "tools/call", name="win", arguments={"deal": "D-1"}), 3, -32602),
        (asked(3, "tools/call", name="ls", arguments={"out": "x.csv"}), 3, -32602),
        (asked(3, "tools/call", name="ls", arguments={"as": "wang"}), 3, -32602),
        (asked(3, "tools/call", name="ls", arguments={"limit": "many"}), 3, -32602),
        (asked(3, "tools/call", name="ls", arguments={"open": "yes"}), 3, -32602),
        (asked(3, "tools/call", name="ls", arguments={"text": True}), 3, -32602),
        (asked(3, "tools/call", name="report", arguments={}), 3, -32602),
        (asked(3, "tools/call", name="report", arguments={"report": ["funnel"]}), 3, -32602),
        (asked(3, "tools/call", name="submit", arguments={"name": "quote"}), 3, -32602),
    ],
    ids=str,
)
def test_what_is_no_call_has_a_code_that_says_why(opp: InProcess, message: Any, number: int | None, code: int) -> None:
    told, alive = served(opp, message, asked(9, "ping"))
    assert (told["id"], told["error"]["code"], alive["id"]) == (number, code, 9)


def test_everything_that_is_wrong_with_a_call_is_told_at_once(opp: InProcess) -> None:
    wrong = {"name": "quote", "dry_run": "yes", "color": 1, "size": 2}
    (told,) = served(opp, asked(1, "tools/call", name="submit", arguments=wrong))
    faults = told["error"]["message"].split("; ")
    assert [faults[0], *faults[2:]] == [
        "submit has no argument 'color', 'size'",
        "dry_run has to be true or false",
        "deal is missing before name",
    ]


@pytest.mark.parametrize("script", ["opp mcp </dev/null", "opp mcp <&-", "printf '' | opp mcp"])
def test_it_ends_well_where_nothing_is_asked(opp_process: Process, script: str) -> None:
    answer = opp_process.shell(script)
    assert (answer.code, answer.out, answer.err) == (0, "", "")


# --- the tools -----------------------------------------------------------------------------------------------------


def test_the_tools_are_the_commands_that_are_there_and_a_new_one_comes_by_itself(
    opp: InProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tool of `note` is there as soon as `opp note` or `opp deal note` is."""
    note = tree.TREE["note"]
    monkeypatch.delitem(tree.TREE, "note")
    (listed,) = served(opp, asked(1, "tools/list"))
    assert [tool["name"] for tool in listed["result"]["tools"]] == [name for name in tools.NAMES if name != "note"]
    monkeypatch.setitem(tree.TREE, "note", note)
    (listed,) = served(opp, asked(1, "tools/list"))
    assert [tool["name"] for tool in listed["result"]["tools"]] == tools.NAMES


def test_a_schema_is_made_of_the_parameters_of_its_command(opp: InProcess) -> None:
    (answer,) = served(opp, asked(1, "tools/list"))
    known = {tool["name"]: tool for tool in answer["result"]["tools"]}
    schema = known["edit"]["inputSchema"]
    assert (schema["required"], schema["additionalProperties"]) == (["deal"], False)
    assert schema["properties"]["deal"]["type"] == schema["properties"]["set"]["type"] == "array"
    assert schema["properties"]["amount"]["type"] == "string"
    assert schema["properties"]["dry_run"]["type"] == "boolean"
    assert known["ls"]["inputSchema"]["properties"]["limit"]["type"] == "integer"
    assert known["board"]["inputSchema"]["properties"]["by"]["enum"] == ["stage", "owner", "holder"]
    assert "funnel" in known["report"]["inputSchema"]["properties"]["report"]["enum"]
    assert known["edit"]["description"].startswith("Change fields")
    assert {name for name, tool in known.items() if tool["annotations"]["readOnlyHint"]} == {
        *("ls", "show", "gate", "inbox", "board", "report", "fields")
    }
    given = {name for tool in known.values() for name in tool["inputSchema"]["properties"]}
    assert given & {"out", "output", "excel", "watch", "editor", "db", "as", "now", "yes"} == set()


def test_what_tools_do_is_told_in_the_language_of_who_is_answered(opp: InProcess) -> None:
    (answer,) = served(opp, asked(1, "tools/list"), flags="--lang zh")
    told = [tool["description"] for tool in answer["result"]["tools"]]
    assert [text for text in told if text.isascii()] == []


# --- calls ---------------------------------------------------------------------------------------------------------


def test_a_call_is_the_command_itself(team: InProcess) -> None:
    for name, given, line in (
        ("ls", {}, "ls"),
        ("ls", {"where": "amount > 1", "columns": "id,amount", "limit": 1}, "ls -w 'amount > 1' -c id,amount -L 1"),
        ("show", {"refs": ["D-1"]}, "show D-1"),
        ("gate", {"deal": "D-1"}, "gate D-1"),
        ("inbox", {}, "inbox"),
        ("board", {"by": "owner", "mask": True}, "board --by owner --mask"),
        ("report", {"report": "funnel", "cohort": "month"}, "report funnel --cohort month"),
        ("fields", {"noun": "deal"}, "fields deal"),
    ):
        assert answer_of(team, name, **given) == team.ok(f"{line} -o json", user="li").json, name


def test_what_an_agent_did_stands_in_the_journal_as_its_persons_through_its_channel(team: InProcess) -> None:
    made = answer_of(team, "add", title="产线改造", customer="江南精工", amount=80000, set=["discount=5"])
    assert (made["id"], made["changes"]["title"], made["changes"]["owner"]) == ("D-2", [None, "产线改造"], [None, "li"])
    assert answer_of(team, "edit", deal="D-2", amount="9万", dry_run=True)["dry_run"] is True
    changed = answer_of(team, "edit", deal=["D-1", "D-2"], set=["tier=A"])
    assert [each["id"] for each in changed] == ["D-1", "D-2"]
    (Path(team.folder) / "报价.pdf").write_text("x")
    assert answer_of(team, "attach", deal="D-2", file="报价.pdf", kind="quote")["id"] == "X-1"
    assert answer_of(team, "advance", deal="D-2")["state"] == "Qualification"
    told = team.ok("log -L 5 -o json").json
    assert {(row["actor"], row["channel"]) for row in told} == {("li", "agent")}
    assert team.ok("show D-2 -o json").json["amount"] == "80000.00"


def test_an_error_is_the_object_that_the_command_tells(team: InProcess) -> None:
    absent = error_of(team, "show", refs="D-9")
    assert absent == team("show D-9 -o json", user="li").error
    assert (absent["code"], error_of(team, "edit", deal="D-1", amount="1.000.5")["code"]) == (3, 2)
    assert error_of(team, "advance", deal="D-1", to="Won")["code"] == 7
    assert error_of(team, "ls", user="dan", where="nonsense >")["code"] == 2
    assert error_of(team, "add", user="dan", title="x")["code"] == 4


def test_nothing_is_asked_and_what_is_missing_is_told_whole(team: InProcess) -> None:
    error = error_of(team, "attach", deal="D-1")
    assert (error["code"], [reason["what"] for reason in error["reasons"]]) == (2, ["FILE", "--kind"])
    assert error_of(team, "submit", deal="D-1")["code"] == 2
    assert error_of(team, "add")["code"] == 2


def test_of_several_things_each_has_its_own_answer(team: InProcess) -> None:
    found = result(team, "edit", deal="D-1,D-7", amount="6000")
    done, failed = json.loads(found["content"][0]["text"])
    assert (found["isError"], done["version"], failed["error"]["code"]) == (True, 2, 3)


def test_no_value_is_read_as_a_flag(team: InProcess) -> None:
    titles = ["--as=wang", "-o", "--", "-", "--dry-run", "@x", "$(id) `id` \"'\\", "a\nb"]
    made = [answer_of(team, "add", title=title, customer="--owner=wang") for title in titles]
    assert [each["changes"]["title"][1] for each in made][:5] == titles[:5]
    assert {row["owner"] for row in team.ok("ls -o json").json} == {"li"}
    assert error_of(team, "edit", deal="--as=wang", amount="1")["code"] == 3


def test_it_acts_as_the_person_of_its_line(team: InProcess) -> None:
    served(team, call("add", title="Other"), user="li", flags="--as wang")
    assert team.ok("ls --owner wang -o json").json[0]["title"] == "Other"
    (answer,) = served(team, call("gate", deal="D-1", to="Won"), flags="--as wang --lang zh")
    missing = json.loads(answer["result"]["content"][0]["text"])
    assert missing
    assert [row["command"] for row in missing if not row["command"].startswith("opp --as wang --lang zh ")] == []


def test_it_sees_no_more_than_its_person(team: InProcess) -> None:
    team.ok("user add bob")
    (Path(team.folder) / "p.toml").write_text(team.ok("policy show").out + '\n[scope]\nsee = "own"\n', "utf-8")
    team.ok("policy apply p.toml")
    assert answer_of(team, "ls", user="bob") == []
    assert error_of(team, "show", user="bob", refs="D-1")["code"] == 3
    assert error_of(team, "ls", user="nobody")["code"] == 4


# --- what is for people --------------------------------------------------------------------------------------------

SIGNED = sorted({verbs.verb(name).name for name in verbs.names() if verbs.signed(name)})


@pytest.mark.parametrize(
    "name", [*SIGNED, "approve", "request_approve", "override", "delegate", "add_approver", "assign"]
)
def test_what_decides_or_moves_authority_is_no_tool_under_any_name(opp: InProcess, name: str) -> None:
    error = error_of(opp, name, request="R-1", message="yes")
    assert (error["code"], error["kind"]) == (4, "not_allowed")
    assert error["message"].startswith("an agent does not decide or hand over")


def test_a_deal_is_not_handed_over_by_an_agent_even_for_an_admin(team: InProcess) -> None:
    assert error_of(team, "edit", user="wang", deal="D-1", owner="wang")["code"] == 4
    assert error_of(team, "edit", user="wang", deal="D-1", owner="wang", dry_run=True)["code"] == 4
    assert team.ok("show D-1 -o json").json["owner"] == "li"


def test_no_signed_verb_is_written_through_the_channel_whatever_line_it_comes_by(opp: InProcess) -> None:
    """The lines of the matrix themselves, as those who may do each."""
    given = matrix.team(opp)
    codes = {}
    for verb, line in matrix.LINES.items():
        if not verbs.signed(verb) or verb in ("user pin --code", "db clock", "db restore", "customer erase"):
            continue  # these want a terminal, a clock, a file, or no open request first
        who = matrix.PEOPLE[min(verbs.verb(verb).may, key=matrix.LETTERS.index)]
        typed = line.format(deal=matrix.PLAIN, own=given.get(who, "G-1"), other=given["vic"], who=who)
        with through(opp, who) as (context, err):
            code = app.run([*shlex.split(typed), "-o", "json"], context)
            sys.stderr.flush()
            codes[verb] = (code, b"an agent does not decide" in err.getvalue())
    assert len(codes) > 20
    assert {verb: told for verb, told in codes.items() if told != (4, True)} == {}


@contextmanager
def through(opp: InProcess, who: str) -> Iterator[tuple[Context, io.BytesIO]]:
    """Surroundings of a line that an agent typed for somebody, and its stderr."""
    context = Context({"actor": who})
    context.channel = AGENT
    with _at(opp.folder, opp.environment(who, None, None)), _streams(b"") as (_, err):
        yield context, err


# --- a process -----------------------------------------------------------------------------------------------------


class Agent:
    """A process of `opp mcp`, spoken to line by line."""

    def __init__(self, opp: Process, user: str, **env: str) -> None:
        self.process = opp.start("mcp", user=user, env=env, stdin=subprocess.PIPE)
        self.number = 0

    def ask(self, method: str, **params: Any) -> Any:
        self.number += 1
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(lines(asked(self.number, method, **params)))
        self.process.stdin.flush()
        told = json.loads(self.process.stdout.readline().decode("utf-8"))
        assert (told["jsonrpc"], told["id"]) == ("2.0", self.number)
        return told["result"]

    def call(self, name: str, **arguments: Any) -> Any:
        return json.loads(self.ask("tools/call", name=name, arguments=arguments)["content"][0]["text"])

    def end(self) -> int:
        out, err = self.process.communicate(timeout=30)
        assert (out, err) == (b"", b"")
        return self.process.returncode


def ended(process: "subprocess.Popen[bytes]") -> int:
    with process:
        process.communicate(timeout=60)
    return process.returncode


@pytest.fixture
def office(opp: InProcess, opp_process: Process) -> Iterator[Process]:
    opp.ok("init --template b2b --lang zh")
    opp.ok("user add li --manager wang")
    yield opp_process


def test_a_hundred_calls_by_two_agents_beside_a_person_who_writes(office: Process) -> None:
    agents = [Agent(office, "li"), Agent(office, "wang")]
    people = [office.start(f"add 人{n} --customer 客户{n}", user="wang") for n in range(4)]
    made = [agents[n % 2].call("add", title=f"商机{n}", customer=f"客户{n % 5}")["id"] for n in range(60)]
    seen = [agents[n % 2].call("show", refs=[made[n]])["title"] for n in range(40)]
    assert [ended(person) for person in people] == [0, 0, 0, 0]
    assert (len(set(made)), seen) == (60, [f"商机{n}" for n in range(40)])
    assert len(agents[0].call("ls", text="商机")) == 60
    assert [agent.end() for agent in agents] == [0, 0]
    assert office("audit verify -q", user="wang").code == 0


def test_it_speaks_utf8_wherever_it_runs(office: Process) -> None:
    agent = Agent(office, "li", LC_ALL="C", PYTHONIOENCODING="gbk", PYTHONUTF8="0")
    assert (
        agent.call("add", title="产线\u00a0改造 😀", customer="江南精工")["changes"]["title"][1] == "产线\u00a0改造 😀"
    )
    assert agent.call("edit", deal=["D-1"], set=["折扣=5"])["changes"]["discount"] == [None, 5]
    assert agent.end() == 0


SDK = """
import asyncio, json, sys
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client

async def main():
    server = StdioServerParameters(command=sys.executable, args=["-m", "oppcli", "mcp"], env=json.loads(sys.argv[1]))
    async with stdio_client(server) as (read, write), ClientSession(read, write) as session:
        hello = await session.initialize()
        tools = [tool.name for tool in (await session.list_tools()).tools]
        made = await session.call_tool("add", {"title": "产线", "customer": "江南精工"})
        refused = await session.call_tool("approve", {"request": "R-1"})
        hello, made, refused = (each.model_dump(by_alias=True) for each in (hello, made, refused))
        told = [json.loads(each["content"][0]["text"]) for each in (made, refused)]
        print(json.dumps([hello["serverInfo"]["name"], len(tools), made["isError"], told[0]["id"], refused["isError"],
                          told[1]["error"]["code"]]))

asyncio.run(main())
"""


def test_the_official_client_is_served(office: Process) -> None:
    """Where it is installed; what it would show is shown above by hand."""
    pytest.importorskip("mcp", reason="the official client is no part of the extras; the other tests speak by hand")
    env = json.dumps(office.environment("li", None, None))
    done = subprocess.run(
        [sys.executable, "-c", SDK, env], cwd=office.folder, capture_output=True, timeout=60, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told == ["opp", len([name for name in tools.NAMES if name != "note" or "note" in tree.TREE]), *told[2:]]
    assert told[2:] == [False, "D-1", True, 4]
