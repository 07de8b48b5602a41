"""What a person reads is said: by its syntax, and in a language that nobody speaks."""

import ast
import re
from collections.abc import Iterator
from typing import Any

from command_line import InProcess
from nobodys import latin
from sources import teardown_module, trees

from oppcli.cli.tree import SHORTCUTS, TREE
from oppcli.model.command import command
from oppcli.model.fields import BUILT_IN
from oppcli.model.said import Word, listed, say
from oppcli.speech import Voice, spoken
from oppcli.speech.catalogues import FOLDER, read

__all__ = ["teardown_module"]
ERRORS = """OppError UsageError NotFound NotAllowed Conflict Exists Ambiguous StoreError NoDatabase Busy NeedsUpgrade
Refused PolicyError PartlyDone Undelivered MappingError Invalid Misread Unreadable""".split()
TOLD = {
    **{name: ({0}, {"message", "hint"}) for name in ERRORS},
    "Reason": ({1}, {"detail"}),
    "Outcome": ({0, 2}, {"done", "details"}),
    "Table": (set(), {"title", "prose", "above", "below"}),
    "Read": ({1}, {"title"}),
    "Column": ({2}, {"title"}),
    "Footnote": ({2}, {"text"}),
}
"""What is called with texts for people: places and names of those arguments."""


def called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


def texts(node: ast.AST) -> Iterator[ast.AST]:
    """The expressions that may be the text of an argument."""
    if isinstance(node, ast.IfExp):
        yield from texts(node.body)
        yield from texts(node.orelse)
    elif isinstance(node, ast.BoolOp | ast.Tuple | ast.List):
        for part in node.values if isinstance(node, ast.BoolOp) else node.elts:
            yield from texts(part)
    elif isinstance(node, ast.Starred):
        yield from texts(node.value)
    else:
        yield node


def pasted(node: ast.AST) -> bool:
    """Whether a text is put together where nobody can translate it, or stands there bare."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        if node.value.startswith(("--", "pip ")):
            return False
        return bool(re.search(r"[A-Za-z]{2,} [A-Za-z]", node.value))
    if isinstance(node, ast.JoinedStr):
        if ast.unparse(node)[2:].startswith("--"):
            return False
        return any(isinstance(part, ast.Constant) and re.search(r"[a-z]{2}", str(part.value)) for part in node.values)
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mod) and any(map(texty, ast.walk(node)))


def texty(node: ast.AST) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Call) and called(node) == "say")


def arguments(call: ast.Call) -> list[ast.AST]:
    places, names = TOLD[called(call)]
    positional = [part for place, part in enumerate(call.args) if place in places]
    return [*positional, *(pair.value for pair in call.keywords if pair.arg in names)]


def test_what_a_person_reads_is_said_by_a_literal_template() -> None:
    found = [
        f"{name}:{node.lineno} {ast.unparse(text)[:80]}"
        for name, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and called(node) in TOLD
        for argument in arguments(node)
        for text in texts(argument)
        if pasted(text)
    ]
    assert "\n".join(found) == ""


def test_a_template_is_a_literal() -> None:
    found = [
        f"{name}:{node.lineno}"
        for name, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "say"
        if not (node.args and isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str))
    ]
    assert "\n".join(line for line in found if not line.startswith(("render/output.py", "rules/conditions.py"))) == ""


def test_a_command_within_a_text_is_a_value_and_not_pasted() -> None:
    """Pasted, it would lack the flags that were typed on the line at hand."""
    line = re.compile(rf"\bopp (--\w|({'|'.join((*TREE, *SHORTCUTS))})\b)")
    templates = [
        (f"{name}:{node.lineno}", str(node.args[0].value))
        for name, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and called(node) == "say" and node.args and isinstance(node.args[0], ast.Constant)
    ]
    assert len(templates) > 1000
    assert [place for place, text in templates if line.search(text)] == []


LISTS = ("cli/overview.py", "cli/topics/__init__.py")
"""Where commands are listed, each with what it does."""


def test_what_begins_with_a_command_is_a_line_that_a_shell_takes() -> None:
    """With prose behind it, a line that is pasted would give the command words that it does not take."""
    chinese, line = read(FOLDER / "opp.po"), r"( > [\w.{}]+)?((; | \| )\{\w+\})*"
    found = [
        f"{name}: {text}"
        for name, tree in trees()
        if name not in LISTS
        for template, places in begun_by_commands(tree)
        for text in (template, chinese.get(("", template), ""))
        for place in places
        if text.startswith(f"{{{place}}}") and not re.fullmatch(line, text.removeprefix(f"{{{place}}}"))
    ]
    assert "\n".join(found) == ""


def begun_by_commands(tree: ast.Module) -> Iterator[tuple[str, list[str]]]:
    """Each template with the places in it where a command stands."""
    held = {
        target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and any(map(is_command, texts(node.value)))
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and called(node) == "say"
            and node.args
            and isinstance(node.args[0], ast.Constant)
        ):
            values = {str(pair.arg): [*texts(pair.value)] for pair in node.keywords}
            yield (
                str(node.args[0].value),
                [
                    name
                    for name, kept in values.items()
                    if any(is_command(each) or (isinstance(each, ast.Name) and each.id in held) for each in kept)
                ],
            )


def is_command(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and called(node) in ("command", "Command")


def test_nothing_is_glued_to_what_was_said() -> None:
    """`say(…) + x`, `say(…) % x` and `f"{say(…)}"` are plain text, which no catalogue knows."""

    def said(node: ast.AST) -> bool:
        return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("say", "listed")

    found = [
        f"{name}:{node.lineno} {ast.unparse(node)[:80]}"
        for name, tree in trees()
        for node in ast.walk(tree)
        if (isinstance(node, ast.BinOp) and (said(node.left) or said(node.right)))
        or (isinstance(node, ast.FormattedValue) and said(node.value))
        or (isinstance(node, ast.Attribute) and said(node.value) and node.attr not in ("template", "values", "parts"))
    ]
    assert "\n".join(found) == ""


def test_every_value_of_a_template_is_given_and_used() -> None:
    found = []
    for name, tree in trees():
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "say"):
                continue
            if not node.keywords or any(pair.arg is None for pair in node.keywords) or not node.args:
                continue
            template = node.args[0]
            if isinstance(template, ast.Constant) and isinstance(template.value, str):
                asked = set(re.findall(r"\{(\w+)", template.value.replace("{{", "")))
                if asked != {pair.arg for pair in node.keywords}:
                    found.append(f"{name}:{node.lineno} {template.value}")
    assert "\n".join(found) == ""


def test_no_rule_knows_a_language() -> None:
    """Neither by a text that is not English, nor by asking for one; what stands in docstrings is for developers."""
    found = []
    for name, tree in trees():
        if not name.startswith("rules/"):
            continue
        docs = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            foreign = isinstance(node, ast.Constant) and re.search("[\u2e80-\u9fff]", str(node.value))
            if (foreign and node not in docs) or (isinstance(node, ast.arg) and node.arg.startswith("lang")):
                found.append(f"{name}:{getattr(node, 'lineno', 0)} {ast.unparse(node)}")
    assert "\n".join(found) == ""


# --- a language that nobody speaks: every letter of every template in full width --------------------------------------


def test_a_sentence_is_told_by_the_catalogue_with_its_values_told_in_turn(nobody_speaks: None) -> None:
    people = listed([say("the owner"), "ann"], " or ")
    text = say("{n} {n:row|rows} of {who}: {fix}", n=2, who=people, fix=command("deal", "show", "D-1"))
    assert text == "2 rows of the owner or ann: opp deal show D-1"
    told = spoken(text, Voice(("--db", "x.db")))
    assert told == "⟦2 ｒｏｗｓ ｏｆ ⟦ｔｈｅ ｏｗｎｅｒ⟧⟦ ｏｒ ⟧ann: opp --db x.db deal show D-1⟧"
    assert spoken(Word("state", "pending"), Voice()) == "⟦ｐｅｎｄｉｎｇ⟧"


def test_between_two_chinese_words_stands_no_blank() -> None:
    roles = listed([Word("role", "admin"), Word("role", "manager"), "li"], " or ")
    assert spoken(roles, Voice(lang="zh")) == "管理员或主管 或 li"
    assert spoken(roles, Voice()) == "admin or manager or li"


DATA = set(
    """Price Qualification Contract margin file solution
payment_days stage decision maker key
ann bob carl Ann Bob Carl Acme Plant upgrade Ten copies Lead Qualified Quote Solution Negotiation Won Lost
USD CNY EUR B2B manager director finance
admin sales web referral quote contract discount title amount customer owner qualified""".split()
)
STORY = (
    "init --template b2b --lang en",
    "user add ann --name Ann --role sales --manager bob",
    "user add bob --name Bob --role sales",
    "lead add Plant --customer Acme --amount 500000",
    "lead add Plant --customer Acme --amount 500000",
    "ls",
    "gate D-1",
    "advance D-1",
    "deal edit D-1 --set amount=600000",
    "deal edit D-1 --set amount=lots",
    "deal edit D-1 --set nonsense=1",
    "deal assign D-1 --to ann",
    "deal assign D-1 --to nobody",
    "show D-1",
    "show D-99",
    "request plan D-1 quote",
    "request submit D-1 quote",
    "request show R-1",
    "lose D-1 --reason Price",
    "report funnel -v",
    "report durations -v",
    "report overdue -v",
    "report turnaround -v",
    "log -L 3",
    "audit verify",
    "db check",
    "user list",
    "user deactivate bob",
    "tick",
    "notices list",
    "inbox",
)


def test_no_english_is_left_outside_of_the_catalogue(opp: InProcess, nobody_speaks: None) -> None:
    left: dict[str, Any] = {}
    for line in STORY:
        answer = opp(*line.split(), user="wang")
        words = latin(answer.out + "\n" + answer.err, DATA | {"wang", *BUILT_IN} | set(re.findall(r"\w+", line)))
        if words:
            left[line] = (words, answer.out + answer.err)
    assert left == {}, "\n\n".join(f"opp {line}: {words}\n{text}" for line, (words, text) in left.items())
