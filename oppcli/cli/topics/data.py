"""`opp help … --json`: topics and commands for programs, in English."""

import json
from collections.abc import Sequence
from typing import Any

from oppcli.cli.context import Context
from oppcli.cli.described import described, under
from oppcli.cli.topics import TOPICS, find, no_topic, summaries
from oppcli.cli.topics.pages import PAGES, page
from oppcli.cli.tree import TREE


def text(opp: Context, tree: Any, words: Sequence[str]) -> str:
    """The list of topics, one topic with its text, every command, or the commands below some words. Refused for words
    that are none of these."""
    found: dict[str, Any]
    if not words:
        found = {"topics": [{"topic": name, "summary": summary} for name, summary in summaries().items()]}
    elif list(words) == ["commands"]:
        found = {"commands": _commands(tree, [(name,) for name in TREE])}
    elif len(words) == 1 and words[0] in summaries():
        found = _topic(opp, tree, words[0])
    elif find(tree, words) is None:
        raise no_topic(opp, " ".join(words))
    else:
        found = {"commands": _commands(tree, [tuple(words)])}
    return json.dumps(found, ensure_ascii=False, indent=2)


def _topic(opp: Context, tree: Any, name: str) -> dict[str, Any]:
    parts = ["\n".join(TOPICS[name][1](opp))] if name in TOPICS else []
    parts += [page(name, opp.voice.lang, None)] if name in PAGES else []
    below = _commands(tree, [(name,)]) if find(tree, (name,)) is not None else []
    return {"topic": name, "summary": summaries()[name], "text": "\n\n".join(parts), "commands": below}


def _commands(tree: Any, paths: Sequence[tuple[str, ...]]) -> list[dict[str, Any]]:
    return [described(words, each) for path in paths for words, each in under(find(tree, path), path)]
