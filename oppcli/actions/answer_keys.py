"""The key that proves somebody's answers from away: theirs alone to give, and never given in silence."""

from oppcli.actions.act import Act
from oppcli.errors import Exists, NotAllowed
from oppcli.model.command import command
from oppcli.model.notices import Notice
from oppcli.model.people import User
from oppcli.model.said import say


def require_own(act: Act, person: User, key: str) -> None:
    """Refuse a key to anybody but the person, and one that is another's: what it signs would be by both."""
    if act.by != person.login:
        raise NotAllowed(
            say("the key of {login} is theirs alone to give", login=person.login),
            hint=command("user", "edit", person.login, "--answer-key", "FILE", ready=False, another=True),
        )
    other = next((user.login for user in act.people.values() if key and user.answer_key == key), person.login)
    if other != person.login:
        raise Exists(say("that is the key of {other}", other=other), hint=command("user", "show", other))


def told(act: Act, person: User) -> str:
    """What is said of another key, which the person is told of at their own address, whoever gave it."""
    text = say("your answers are proven by another key from now on")
    if person.answer_key is None:
        text = say("your answers are proven by no key any more")
    act.door.add_many([Notice(to=person.login, kind="answer", text=text, at=act.now)], action="notice")
    return text
