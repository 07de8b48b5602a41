"""Every text of the program that people read, found by syntax: for developers, who keep the catalogues whole by it.

Nothing is imported to find them: what is said (`say`), what tables, columns, reads and flags tell without it, the
docstrings of commands, the pages of `opp help`, and the words of codes (`oppcli.speech.codes`).
"""

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cache
from inspect import cleandoc
from pathlib import Path

from oppcli.model.fields import called, of
from oppcli.model.nouns import RECORDS
from oppcli.model.said import HEADING, heading
from oppcli.speech.codes import CODES
from oppcli.tuples import NamedTuple

HOUSE = Path(__file__).parents[1]
OPP, HELP = "opp", "help"
"""The two catalogues: of what is told, and of what help alone tells."""
COMMA = ", "
"""What stands between things that are `listed` without another word."""
PAGES = "cli/topics/"
OF_HELP = (PAGES, "cli/help.py", "cli/helping.py")
"""Where everything is help."""
TABLES = {
    "reads/table.py": {"WITH_ROWS"},
    "errors.py": {"EXIT_CODES"},
    "cli/tree.py": {"SECTIONS"},
    "cli/overview.py": {"START"},
    "cli/topics/__init__.py": {"TOPICS"},
    "cli/topics/pages.py": {"PAGES"},
    "cli/topics/examples.py": {"*"},
}
"""Constants whose texts stand bare, by module: help too."""


class Place(NamedTuple):
    """Where a call has a text: at which position, under which name, of which catalogue."""

    at: int | None
    name: str
    domain: str = OPP


CALLS: dict[str, tuple[Place, ...]] = {
    "say": (Place(0, ""),),
    "listed": (Place(1, "between"),),
    "Column": (Place(2, "title"), Place(7, "unit")),
    "Table": (Place(None, "title"), Place(None, "prose")),
    "NoticeKind": (Place(0, "heading"),),
    "Read": (Place(1, "title"), Place(2, "help", HELP), Place(None, "more", HELP), Place(None, "alarm", HELP)),
    "Breakdown": (Place(2, "help", HELP),),
    "Param": (Place(1, "help", HELP),),
    "Place": (Place(1, "help", HELP),),
    "Option": (Place(None, "help", HELP),),
    "Argument": (Place(None, "help", HELP),),
    "argument": (Place(1, "help", HELP),),
    "_flag": (Place(None, "help", HELP),),
    "Typer": (Place(None, "help", HELP),),
    "section": (Place(0, "", HELP),),
    "Tree": (Place(None, "help", HELP), Place(None, "epilog", HELP)),
}
"""What is called with texts that people read."""


class Text(NamedTuple):
    """One template, as a catalogue has it."""

    domain: str
    context: str
    template: str
    filled: bool = False
    """Whether values are filled into it: then its braces are places."""


@cache
def texts() -> dict[tuple[str, str, str], Text]:
    """All of them by catalogue, context and template. What is told stands in `opp` alone, though help tells it too."""
    found: dict[tuple[str, str, str], Text] = {}
    for text in _all():
        key = (text.domain, text.context, text.template)
        if (text.template and key not in found) or text.filled:
            found[key] = text
    return {key: text for key, text in found.items() if key[0] == OPP or (OPP, *key[1:]) not in found}


def _all() -> Iterator[Text]:
    yield Text(OPP, "", COMMA)
    for group, codes in CODES.items():
        yield from (Text(OPP, group, code) for code in codes)
    for noun in RECORDS:
        yield from (Text(OPP, HEADING, heading(called(field.name))) for field in of(noun.word) if not field.own)
    for path in sorted(HOUSE.rglob("*.py")):
        name = path.relative_to(HOUSE).as_posix()
        if path == Path(__file__):
            continue  # it tells nobody anything, and names the calls that do
        yield from of_module(name, ast.parse(path.read_text(encoding="utf-8")))
    for path in sorted((HOUSE / PAGES).glob("*.txt")):
        yield from (Text(HELP, "", part) for part in paragraphs(path.read_text(encoding="utf-8")))


def of_module(name: str, tree: ast.Module) -> Iterator[Text]:
    """The texts of one module, by its path below the package."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            for text in _of_call(node):
                yield text._replace(domain=HELP) if name.startswith(OF_HELP) else text
        elif isinstance(node, ast.FunctionDef) and name.startswith("cli/") and _is_command(node):
            yield from (Text(HELP, "", part) for part in of_docstring(ast.get_docstring(node) or ""))
        elif isinstance(node, ast.Assign | ast.AnnAssign) and _named(node) & TABLES.get(name, set()):
            yield from (Text(HELP, "", text) for text in _sentences(node.value))


def _of_call(call: ast.Call) -> Iterator[Text]:
    function = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    for at, name, domain in CALLS.get(function, ()):
        for value in _given(call, at, name):
            said = function == "say"
            yield from (
                Text(domain, "", part, said and bool(call.keywords or re.search(r"\{\w+\}", text)))
                for text in _literals(value)
                for part in (paragraphs(text) if domain == HELP else (text,))
            )
    if function == "Column" and not list(_given(call, 2, "title")):
        names = (text for value in _given(call, 0, "name") for text in _literals(value))
        seen = (text for text in names if not text.startswith("_"))
        yield from (Text(OPP, HEADING, heading(text)) for text in seen)


def paragraphs(text: str) -> Iterator[str]:
    """The parts of a page that are told by themselves."""
    return (part.strip("\n") for part in text.rstrip().split("\n\n"))


def of_docstring(doc: str) -> Iterator[str]:
    """The paragraphs of a command's help but for its examples."""
    return (" ".join(part.split()) for part in paragraphs(cleandoc(doc)) if part and not part.startswith("opp "))


def _given(call: ast.Call, at: int | None, name: str) -> Iterator[ast.expr]:
    if at is not None and at < len(call.args):
        yield call.args[at]
    yield from (pair.value for pair in call.keywords if pair.arg == name)


def _literals(node: ast.AST) -> Iterator[str]:
    """The texts that stand bare as a value, whichever of them it will be."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from (*_literals(node.body), *_literals(node.orelse))
    elif isinstance(node, ast.BoolOp | ast.Tuple):
        parts: Iterable[ast.expr] = node.values if isinstance(node, ast.BoolOp) else node.elts
        yield from (text for part in parts for text in _literals(part))


def _sentences(node: ast.AST | None) -> Iterator[str]:
    """Every bare text of a table that has a blank in it, or is a name."""
    for inner in ast.walk(node) if node else ():
        if isinstance(inner, ast.Constant) and isinstance(inner.value, str) and re.search(r" |^[A-Z]", inner.value):
            yield inner.value


def _is_command(node: ast.FunctionDef) -> bool:
    made = [part.func if isinstance(part, ast.Call) else part for part in node.decorator_list]
    return any(getattr(part, "attr", getattr(part, "id", "")) in ("command", "writes") for part in made)


def _named(node: ast.Assign | ast.AnnAssign) -> set[str]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return {"*", *(target.id for target in targets if isinstance(target, ast.Name))}
