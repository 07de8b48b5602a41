"""The pages of `docs/` as topics of help: they come with the program, so that no help has to name a file."""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

PAGES: dict[str, str] = {
    "agents": "an agent's tools: opp mcp",
    "as-of": "what was true on 31 March: --as-of",
    "approvals": "how a request lives, from its plan to its end",
    "assignment": "whose a deal becomes: rules, pool, handover, archive",
    "away": "deciding without a terminal: by mail, with a packet",
    "board": "the board: who has to act next, on a wall too",
    "breakdowns": "who wins, why we lose, how long it takes: split by anything",
    "coming-from": "from another program: your words, your data, what is not here",
    "coming-from/fxiaoke": "coming from Fxiaoke",
    "coming-from/hubspot": "coming from HubSpot",
    "coming-from/jiandaoyun": "coming from Jiandaoyun",
    "coming-from/kingdee": "coming from Kingdee",
    "coming-from/qidian": "coming from Tencent Qidian",
    "coming-from/salesforce": "coming from Salesforce",
    "coming-from/sap": "coming from SAP",
    "coming-from/wecom": "coming from WeCom",
    "coming-from/xiaoshouyi": "coming from Xiaoshouyi",
    "coming-from/yonyou": "coming from Yonyou",
    "coming-from/zoho": "coming from Zoho CRM",
    "contracts": "contracts: versions, clauses, what is signed, steps that nobody can skip",
    "customers": "who buys, and who decides there",
    "database": "tables, for programs that read them",
    "duplicates": "when two records may be one: rules, merging",
    "facts": "what is known of customers: payments, credit, risk",
    "first-week": "a team's first week, command by command",
    "follow": "notes, touches, tasks, what comes again, watching",
    "probability": "how likely deals are won, and how good that figure is",
    "targets": "how far people, teams and the company are from their targets",
    "forecast": "what the coming months are to bring, and how sure that is",
    "formats": "tables, CSV, JSON, workbooks: what each keeps to",
    "glossary": "the words, in English and Chinese",
    "import": "files of other programs, mappings",
    "next": "what to do next, and how urgent it is",
    "notices": "what people are told, and through what",
    "payments": "what is due, what came, what is overdue",
    "policy": "every key of the policy file",
    "proposals": "what machines propose, until somebody accepts it",
    "python": "SQLModel sessions for notebooks, read only",
    "rates": "what currencies are worth in each other",
    "questions": "a page for each question that a team asks of its figures",
    "quotes": "prices and quotes: versions, figures, what is sent",
    "reports": "what each figure means",
    "sandbox": "a copy to try things in: db backup --sandbox",
    "scores": "scores, tags, tiers, priority: computed by the policy",
    "server": "PostgreSQL that knows who writes",
    "sql": "SQL of your own, and its views",
    "stuck": "where it gets stuck: deals, people, nodes, gates",
    "trust": "what the journal proves, and who sees what",
    "twenty-points": "twenty points of a sales process, each typed by a team",
    "views": "what you look at every Monday: kept, sent, only what is new",
    "winning": "who wins, by what we lose, which source is worth its money",
    "worth-it": "whether a change of the rules is worth it: before and after",
}
"""Topic → what its page tells. Each stands as `NAME.md` in `docs/` (or a folder in it), and perhaps as
`NAME.zh_CN.md`."""
_ITEM = re.compile(r"\s*(?:(?:[-*>]|\d+\.) |[#|<]|$)")
"""How a line begins that does not go on with the one before."""


def folder() -> Path:
    """Where the pages are: in the package where it was installed, beside it in a checkout."""
    package = Path(__file__).parents[2]
    inside = package / "docs"
    return inside if inside.is_dir() else package.parent / "docs"


def page(name: str, lang: str, room: int | None) -> str:
    """The text of a page, in Chinese where there is one and that is asked for; its prose is wrapped to the screen, and
    its tables take no more than `room`."""
    chinese = folder() / f"{name}.zh_CN.md"
    path = chinese if lang == "zh" and chinese.is_file() else folder() / f"{name}.md"
    from oppcli.render.screen import size

    columns = max(size()[0] - 1, 40)
    return "\n".join(_lines(path.read_text("utf-8"), columns, room)).strip("\n")


def _lines(text: str, columns: int, room: int | None) -> Iterator[str]:
    """Blocks of code as they stand, comments left out, tables as they fit, paragraphs wrapped by word."""
    from oppcli.cli.topics.fitting import table

    for block in re.split(r"(^```.*?^```$)", re.sub(r"<!--.*?-->\n?", "", text, flags=re.S), flags=re.S | re.M):
        if block.startswith("```"):
            yield from block.splitlines()
            continue
        for is_table, lines in groupby(_joined(block.splitlines()), lambda line: line.startswith("|")):
            part = list(lines)
            if is_table and room:
                yield from table(part, room)
            else:
                yield from part if is_table else _prose(part, columns)


def _prose(lines: Iterable[str], columns: int) -> Iterator[str]:
    from oppcli.render.wrap import wrapped

    for line in lines:
        indent = " " * (len(line) - len(line.lstrip()) + 2 * bool(_ITEM.match(line)))
        first, *rest = wrapped(line.lstrip(), columns - len(indent)) or [""]
        yield from (line[: len(line) - len(line.lstrip())] + first, *(indent + part for part in rest))


def _joined(lines: list[str]) -> list[str]:
    """The lines with those that go on with the one before behind it."""
    from oppcli.render.wrap import going_on

    found: list[str] = []
    for line in lines:
        goes_on = (
            found and not _ITEM.match(line) and found[-1].strip() and not found[-1].lstrip().startswith(("#", "|"))
        )
        if goes_on:
            found[-1] = going_on(found[-1], line.strip())
        else:
            found.append(line)
    return found
