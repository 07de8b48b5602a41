"""`opp mcp`: the commands as tools of an agent, JSON-RPC 2.0 on stdin and stdout, a message a line (Model Context
Protocol, https://modelcontextprotocol.io/specification/2025-11-25)."""

import json
import sys
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

import typer

from oppcli import __version__
from oppcli.cli import tools
from oppcli.cli.context import Context

SINGLE = True
app = typer.Typer()

VERSIONS = ("2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05")
"""Of the protocol, the newest first; what is answered here is the same in each."""
PARSE_ERROR, INVALID_REQUEST, UNKNOWN_METHOD, INVALID_PARAMS = -32700, -32600, -32601, -32602
INSTRUCTIONS = (
    "Sales pipelines with gates and approvals. Ids are D-1 (deal), R-1 (request), C-1 (customer). gate tells what a "
    "deal still needs, fields what there is to set. Amounts are decimals beside their currency, instants UTC. dry_run "
    "shows what a write would change. You act as one person, and the journal says that it was an agent; approving, "
    "rejecting, overriding, delegating and handing over are for people."
)


@app.command("mcp")
def mcp(ctx: typer.Context) -> None:
    """Serve an agent (Model Context Protocol): a JSON-RPC message a line on stdin and stdout, until stdin ends.

    Its tools are the commands ls show gate inbox board report fields add edit advance attach note submit, those that
    are there; each call is the command itself with -o json. It acts as the person of --as, OPP_USER or the machine,
    sees and may what they may, and stands in the journal with the channel agent. What decides or hands over is
    refused (4): approve, reject, return, override, delegate, assign.

    opp --as li mcp
    """
    if sys.stdin is not None:
        Server(ctx.obj).serve()


class Refused(Exception):
    """A message that gets no result, with the code that says why."""

    def __init__(self, code: int, why: str) -> None:
        super().__init__(why)
        self.code = code


class Server:
    """What one agent is answered, message by message. Only its answers reach stdout."""

    def __init__(self, opp: Context) -> None:
        self.opp = opp
        self.methods: Mapping[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
            "initialize": self.initialize,
            "ping": lambda params: {},
            "tools/list": self.listed,
            "tools/call": self.called,
        }

    @cached_property
    def tools(self) -> dict[str, tools.Tool]:
        """Made of the tree of commands when they are first asked for."""
        from oppcli.cli.app import root

        return tools.found(root())

    def serve(self) -> None:
        """Answer each line of stdin, UTF-8 wherever it runs, until it ends."""
        out = sys.stdout.buffer
        for line in sys.stdin.buffer:
            answer = self.answered(line) if line.strip() else None
            if answer is not None:
                # What is no character is told as JSON tells it: \\udc80.
                out.write(json.dumps(answer, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n")
                out.flush()

    def answered(self, line: bytes) -> dict[str, Any] | None:
        """The answer to one message; none to a notification, nor to what is an answer itself."""
        try:
            message = json.loads(line)
        except (ValueError, RecursionError) as fault:
            return _error(None, PARSE_ERROR, f"no JSON: {fault}")
        number = message.get("id") if isinstance(message, dict) else None
        number = number if isinstance(number, str | int | float) else None
        try:
            method = _method(message)
            if method is None or "id" not in message:
                return None
            return {"jsonrpc": "2.0", "id": number, "result": self.result(method, message.get("params", {}))}
        except Refused as refused:
            return _error(number, refused.code, str(refused))

    def result(self, method: str, params: Any) -> dict[str, Any]:
        if method not in self.methods:
            raise Refused(UNKNOWN_METHOD, f"there is no method {method!r}")
        if not isinstance(params, dict):
            raise Refused(INVALID_PARAMS, "params has to be an object")
        return self.methods[method](params)

    def initialize(self, params: Mapping[str, Any]) -> dict[str, Any]:
        """The version that was asked for, where it is known; else the newest, which the client may take or leave."""
        asked = params.get("protocolVersion")
        if not isinstance(asked, str):
            raise Refused(INVALID_PARAMS, "protocolVersion has to be text")
        return {
            "protocolVersion": asked if asked in VERSIONS else VERSIONS[0],
            "capabilities": {"tools": {"listChanged": False}},
            "serverInfo": {"name": "opp", "version": __version__},
            "instructions": INSTRUCTIONS,
        }

    def listed(self, params: Mapping[str, Any]) -> dict[str, Any]:
        """All tools at once: there are few."""
        return {"tools": [tools.listed(tool, self.opp) for tool in self.tools.values()]}

    def called(self, params: Mapping[str, Any]) -> dict[str, Any]:
        """What the command answers. What is for people is refused as the command would refuse it."""
        name, given = params.get("name"), params.get("arguments") or {}
        if not isinstance(name, str) or not isinstance(given, dict):
            raise Refused(INVALID_PARAMS, "name has to be text, arguments an object")
        if name not in self.tools:
            if refusal := tools.for_people(name):
                return tools.refused(refusal)
            raise Refused(INVALID_PARAMS, f"there is no tool {name!r}; there are {', '.join(self.tools)}")
        try:
            words = tools.line(self.tools[name], given)
        except tools.Wrong as wrong:
            raise Refused(INVALID_PARAMS, str(wrong)) from None
        return tools.call(self.opp, words)


def _method(message: Any) -> str | None:
    """What a message asks for; None of an answer. Refused where it is no message."""
    if isinstance(message, dict) and "method" not in message and ("result" in message or "error" in message):
        return None
    method = message.get("method") if isinstance(message, dict) else None
    number = message.get("id", "") if isinstance(message, dict) else None
    if not isinstance(method, str) or isinstance(number, bool) or not isinstance(number, str | int | float):
        raise Refused(INVALID_REQUEST, "a message has a method, and an id that is text or a number")
    return method


def _error(number: Any, code: int, why: str) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": number, "error": {"code": code, "message": why}}
