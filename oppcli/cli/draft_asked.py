"""A drafted mapping on a terminal: shown, what is open asked, then imported, edited or left."""

import sys
from typing import TYPE_CHECKING

from oppcli.files.drafts.draft import Draft
from oppcli.model.said import say

if TYPE_CHECKING:
    from oppcli.cli.context import Context

IMPORT, EDIT, LEAVE = "import", "edit", "leave"


def asked(opp: "Context", draft: Draft, file: str) -> str | None:
    """The text of the mapping to import by; None where it is left. Each `?` is asked first."""
    from oppcli.cli import ask, editor

    _show(draft.text(opp.spoken))
    for question in list(draft.questions()):
        if question.options:
            found = ask.choice(opp, question.about, question.options)
        else:
            found = ask.text(opp, question.about, needed=True)
        draft.answer(question.path, found)
    text = draft.text(opp.spoken)
    while True:
        options = (
            ask.Option(IMPORT, say("import {file} by it", file=file)),
            ask.Option(EDIT, say("change it first")),
            ask.Option(LEAVE, say("import nothing")),
        )
        match ask.choice(opp, say("And now?"), options, IMPORT):
            case "import":
                return text
            case "leave":
                return None
        kept = editor.Draft(opp, "mapping.toml")
        kept.edited(text)
        kept.tell()
        text = kept.text


def _show(text: str) -> None:
    from oppcli.render.screen import harmless

    print(harmless(text, newlines=True), file=sys.stderr)  # noqa: T201
