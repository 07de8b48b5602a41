"""The codes that catalogues know are those that there are."""

from sources import translated

from oppcli.model.fields import BUILT_IN
from oppcli.model.nouns import RECORDS
from oppcli.model.said import heading
from oppcli.reads import own
from oppcli.reads.sql_views import views
from oppcli.rules.verbs import names
from oppcli.speech.codes import CODES


def test_every_verb_of_requests_has_a_word() -> None:
    assert set(CODES["verb"]) == {name.removeprefix("request ") for name in names() if name.startswith("request ")}


def test_a_field_is_called_in_sentences_as_people_may_type_it() -> None:
    """What `--set 金额=5` understands is what a refusal says is missing."""
    wrong = [
        name
        for name, field in BUILT_IN.items()
        if field.zh and translated()[heading(name).group, heading(name)] != field.zh
    ]
    assert wrong == []


def test_a_noun_is_called_in_the_registry_as_in_sentences() -> None:
    wrong = [noun.word for noun in RECORDS if translated().get(("noun", noun.word)) != noun.zh]
    assert wrong == []


def test_every_column_of_the_views_of_sql_is_called_by_a_word() -> None:
    columns = {heading(each.name) for view in views("sqlite", own.BESIDE, "") for each in view.columns}
    assert [name for name in sorted(columns) if not translated().get((name.group, name))] == []


def test_whoever_is_spoken_to_is_called_the_same_everywhere() -> None:
    assert [key for key, text in translated().items() if "您" in text] == []
