"""How far one has to walk to add something: each row builds the thing in a scratch copy of the registries, or fails for
a member that lacks a derived part."""

import io
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from oppcli.files import sheets
from oppcli.model import fields
from oppcli.model.nouns import NOUNS, RECORDS, class_of
from oppcli.model.said import say
from oppcli.policy import keys, read, request_keys
from oppcli.policy.kinds import TEXT, Key, Keys
from oppcli.policy.reference import rows
from oppcli.policy.sentences import Sentences
from oppcli.policy.written import WRITERS, told
from oppcli.reads import catalog, own
from oppcli.reads.table import Kind
from oppcli.rules import fields as rules
from oppcli.speech import Voice, spoken
from oppcli.toml.faults import Faults
from oppcli.toml.shape import sound

# --- a key of a policy step: its field, its row, its Chinese sentence -------------------------------------------------

TABLES = {name: found for room in (keys, request_keys) for name, found in vars(room).items() if isinstance(found, Keys)}
COMPARED_OTHERWISE = {"condition", "dates", "approver"}
"""By what in them changed, or within a level of escalation."""
SMALLEST = """
[policy]
name = "p"
currency = "EUR"
calendar = "c"
fallback = "role:admin"
[[stage]]
name = "Lead"
"""


class Scratch(NamedTuple):
    """The rule of a table with one key more."""

    name: str = ""
    witness: tuple[str, ...] = ()


SCRATCH = Keys(
    Scratch,
    {
        "name": Key("name", TEXT, required=True),
        "witness": Key(
            "witness", request_keys.STEP.keys["cc"].kind, "who signs as well", said=say("{it} may read it.")
        ),
    },
)


def test_a_key_of_a_policy_step_is_read_from_its_row() -> None:
    assert Scratch(**SCRATCH.values({"name": "x", "witness": "user:li"})) == Scratch("x", ("user:li",))


def test_a_key_of_a_policy_step_has_its_shape_from_its_row() -> None:
    faults = Faults('nam = "x"\nwitness = 3\n')
    assert sound({"nam": "x", "witness": 3}, SCRATCH.shape, faults) == {}
    assert [f"{reason.what} {reason.detail}" for reason in faults.reasons()] == [
        "name missing name",
        "nam line 1: unknown key 'nam', did you mean 'name'?",
        "witness line 2: witness = 3 must be a list of texts",
    ]


def test_a_key_of_a_policy_step_is_compared_said_and_documented_by_its_row() -> None:
    rule = Scratch("x", SCRATCH.keys["witness"].kind.read(["user:li", "manager"]))
    assert [(name, write(rule)) for name, write in told(SCRATCH)] == [("witness", "user:li, manager")]
    policy = read(SMALLEST)
    assert Sentences(policy).keys(SCRATCH, rule) == ["li and the submitter's manager may read it."]
    assert [spoken(text, Voice(lang="zh")) for text in Sentences(policy).keys(SCRATCH, rule)] == [
        "抄送“li”、直属主管。"
    ]
    assert rows(SCRATCH).splitlines()[-1] == "| `witness` | nobody | who signs as well |"


def every_key() -> list[tuple[str, Key, Any]]:
    return [(f"{name} {key.name}", key, table.rule) for name, table in TABLES.items() for key in table.keys.values()]


@pytest.mark.parametrize(("where", "key", "rule"), every_key())
def test_no_key_of_the_policy_lacks_a_derived_part(where: str, key: Key, rule: Any) -> None:
    assert [field for field in key.fields if field not in rule._fields] == []
    assert key.kind.word in WRITERS or key.kind.word in COMPARED_OTHERWISE
    assert key.means or rule is request_keys.ESCALATE.rule


# --- a kind of file that rows come in: its module ---------------------------------------------------------------------

FIXED = '''
"""Cells of ten characters, after a mark."""

from oppcli.files.sheets.text import Sheet as Text


def begins(head):
    return head.startswith(b"%FIXED")


class Sheet(Text):
    def __init__(self, stream, name, told, wanted):
        import io

        lines = stream.read().decode().splitlines()[1:]
        rows = [[line[place : place + 10].strip() for place in range(0, len(line), 10)] for line in lines]
        super().__init__(io.BytesIO("\\n".join(map(",".join, rows)).encode()), name, told, wanted)
'''


def test_a_kind_of_file_that_rows_come_in_is_one_module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "fixed.py").write_text(FIXED)
    monkeypatch.setattr(sheets, "__path__", [*sheets.__path__, str(tmp_path)])
    raw = "%FIXED\n" + "".join(f"{'ID':<10}{'Name':<10}\n{'1':<10}{'Acme':<10}\n")
    found = sheets.open_sheet(io.BytesIO(raw.encode()), "f.txt")
    monkeypatch.delitem(sys.modules, "oppcli.files.sheets.fixed")
    assert (found.header, list(found.rows())) == (("ID", "Name"), [(2, ["1", "Acme"])])


# --- a field of a noun: its dataclass, its entry; an own field: the policy alone --------------------------------------

ONE_MORE = '\n[fields.witnesses]\ntitle = "Zeugen"\ntype = "int"\nmax = 9\n'


def test_every_field_of_every_noun_is_in_the_registry() -> None:
    told_otherwise = {"extra", "customer_id"}
    missing = [
        f"{noun.word}.{name}"
        for noun in RECORDS
        for name, type_ in class_of(noun).__annotations__.items()
        if not fields.is_part(type_) and name not in told_otherwise
        if name not in {each.name for each in fields.of(noun.word)}
    ]
    assert missing == []


NOT_PERSONAL = {
    "stage": "name kind pipeline category",
    "user": "login name manager email successor server_role lang zone answer_key",
    "customer": "industry region tier owner external_id system created_by standing",
    "contact": "customer external_id system created_by standing",
    "deal": "stage owner currency probability_reason source campaign product region tier grade external_id system "
    "created_by last_open_stage close_reason competitor channel standing budget authority need timeline grade_reason "
    "budget_evidence authority_evidence need_evidence timeline_evidence category",
    "file": "kind sha256 attached_by standing",
    "activity": "kind who direction channel message_id external_id system created_by standing",
    "task": "kind assignee role due_on promised_on state origin must repeat anchor done_by reason late_by external_id "
    "system created_by standing",
    "payment": "kind on currency external_id system created_by",
    "proposal": "noun source cause state decided_by reason external_id system created_by standing",
    "match": "noun rule state decided_by reason created_by standing",
    "watch": "login noun standing",
    "delegation": "frm to reason created_by",
    "policy": "hash text name applied_by scope",
    "request": "type title state policy submitted_by owner reason currency channel external_id system",
    "notice": "to kind step unsent",
    "code": "hash login kind shown answer",
    "delivery": "key channel to state error",
    "view": "name owner every standing",
    "mapping": "name text hash saved_by standing",
    "fact": "name value currency as_of by",
    "rate": "base currency day rate created_by standing",
    "cost": "source first last currency created_by standing",
    "judgement": "owner month category expected_close currency reason judged_by standing",
    "point": "login kind reason given_by",
    "forecast": "month team currency submitted_by",
    "target": "who month measure target stretch top currency created_by standing",
    "price": "sku name unit currency from_on to_on external_id system created_by standing",
    "quote": "standing",
    "contract": "standing",
}
"""Texts that stay when a customer is erased, as it was decided: codes, ids, logins, reasons of decisions."""


def test_whether_a_text_may_tell_of_a_person_is_decided_for_every_field() -> None:
    undecided = {
        noun.word: {each.name for each in fields.of(noun.word) if each.kind == "text" and not each.personal}
        for noun in NOUNS
    }
    assert undecided == {word: set(names.split()) for word, names in NOT_PERSONAL.items()}


def test_every_field_that_people_type_is_a_column_or_beside_one() -> None:
    columns = {column.name for column in catalog.read("deal list").columns}
    assert sorted(set(fields.BUILT_IN) - columns) == []


def test_an_own_field_of_the_policy_is_a_member_like_all_others() -> None:
    policy = read(SMALLEST + ONE_MORE)
    field = rules.fields(policy)["witnesses"]
    told: tuple[Any, ...] = (field.kind, field.title, field.max, field.own)
    assert told == ("int", "Zeugen", 9, True)
    assert rules.parse(field, "7") == 7
    assert rules.field_kinds(policy)["witnesses"] == "int"
    (column,) = own.columns(own.Own(*pair) for pair in rules.own_fields(policy))
    assert (column.name, column.kind) == ("witnesses", Kind.COUNT)
