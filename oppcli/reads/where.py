"""Optional filters as SQL: each adds a clause and its parameters, so no query carries a condition nobody asked for."""

from collections.abc import Sequence
from typing import Any

from oppcli.errors import UsageError
from oppcli.model.records import folded
from oppcli.model.said import say
from oppcli.store.doors import ReadDoor
from oppcli.store.patterns import like

LONGEST = 1_000
"""Characters of a text that is looked for."""


class Where:
    """Clauses joined with AND. Values only ever travel as parameters."""

    def __init__(self, *clauses: str) -> None:
        self.clauses = list(clauses)
        self.params: dict[str, Any] = {}

    def copy(self) -> "Where":
        """The same clauses, to go on from."""
        made = Where(*self.clauses)
        made.params = dict(self.params)
        return made

    def name(self, value: Any) -> str:
        """A fresh placeholder for a value."""
        name = f"w{len(self.params)}"
        self.params[name] = value
        return f":{name}"

    def equals(self, column: str, value: Any) -> None:
        """That value; any where None is asked for."""
        if value is not None:
            self.clauses.append(f"{column} = {self.name(value)}")

    def within(self, column: str, since: Any, until: Any = None) -> None:
        """On or after `since` and before `until`, where they are asked for."""
        if since is not None:
            self.clauses.append(f"{column} >= {self.name(since)}")
        if until is not None:
            self.clauses.append(f"{column} < {self.name(until)}")

    def among(self, column: str, wanted: Sequence[Any], unwanted: Sequence[Any] = ()) -> None:
        """One of `wanted` (when any is named) and none of `unwanted`. None is an empty column, which is unwanted only
        where it is named."""
        if wanted:
            names = [self.name(value) for value in wanted if value is not None]
            tests = [f"{column} IN ({', '.join(names)})"] if names else []
            tests += [f"{column} IS NULL"] if None in wanted else []
            self.clauses.append(tests[0] if len(tests) == 1 else f"({' OR '.join(tests)})")
        names = [self.name(value) for value in unwanted if value is not None]
        if names:
            self.clauses.append(f"({column} IS NULL OR {column} NOT IN ({', '.join(names)}))")
        if None in unwanted:
            self.clauses.append(f"{column} IS NOT NULL")

    def any_of(self, door: ReadDoor, column: str, values: Sequence[Any]) -> str:
        """What holds where the column has one of these, however many: they are one parameter."""
        name = self.name(None).removeprefix(":")
        clause, self.params[name] = door.any_of(column, name, values)
        return clause

    def holds(self, column: str, wanted: Sequence[str], unwanted: Sequence[str] = ()) -> None:
        """A JSON list of texts that has one of `wanted` (when any is named) and none of `unwanted`."""
        if wanted:
            self.clauses.append(f"({' OR '.join(self._has(column, word) for word in wanted)})")
        self.clauses += [f"NOT {self._has(column, word)}" for word in unwanted]

    def _has(self, column: str, word: str) -> str:
        return f"coalesce({column}, '') LIKE {self.name(f'%{like(_quoted(word))}%')} ESCAPE '\\'"

    def words(self, columns: Sequence[str], text: str, phones: str = "") -> None:
        """Every word of `text`, folded as the columns are, is in one of the columns; or `text` is a number that stands
        in the column of `phones`, however both are spelt. Refused for too long a text."""
        if len(text) > LONGEST:
            raise UsageError(say("a text to look for has at most {n} characters", n=LONGEST))
        if phones and (number := self._number(phones, text)):
            either = Where()
            either.params = self.params
            either.words(columns, text)
            self.clauses.append(f"({' AND '.join(either.clauses)} OR {number})")
            return
        for word in folded(text).split():
            pattern = self.name(f"%{like(word)}%")
            tests = (f"coalesce({column}, '') LIKE {pattern} ESCAPE '\\'" for column in columns)
            self.clauses.append(f"({' OR '.join(tests)})")

    def _number(self, column: str, text: str) -> str:
        """What holds where this phone number is in the column; nothing where the text is none."""
        if not any(letter.isdigit() for letter in text):
            return ""
        from oppcli.words.normal import digits_in_all

        digits, bare = digits_in_all(text), column
        for sign in " -()/.":
            bare = f"replace({bare}, '{sign}', '')"
        return f"{bare} LIKE {self.name(f'%{digits}%')}" if digits else ""

    @property
    def sql(self) -> str:
        """`WHERE …`, or nothing."""
        return f"WHERE {' AND '.join(self.clauses)}" if self.clauses else ""


def among(value: Any, pair: tuple[Sequence[Any], Sequence[Any]] | None) -> bool:
    """`Where.among` of one value."""
    wanted, unwanted = pair or ((), ())
    return (not wanted or value in wanted) and value not in unwanted


def _quoted(word: str) -> str:
    import json

    return json.dumps(word, ensure_ascii=False)
