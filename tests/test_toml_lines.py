"""Where things are in a TOML text, though `tomllib` does not say."""

import pytest

from oppcli.model.said import LANGUAGES
from oppcli.policy import TEMPLATES, template
from oppcli.toml.lines import Lines
from oppcli.toml.reading import parsed as parse

TEXT = '''\
# [not.a.table]
[policy]
name = "a = b [c]" # ]
long = """
[neither.this]
key = 1
"""
'quoted key' = 1
"also.quoted" = 2
dotted.key = 3
[[stage]]
name = "x"
[[stage]]
name = ["y",   # [
  "z", { a = 1,
  b = 2 } ]
after = true
[type."报价 审批"]
when = 1
[[type."报价 审批".step]]
who = 1
[[type."报价 审批".step]]
who = 2
 [ type . other ]
  spaced   =   5
rows = [ { a = 1 },
  { a = [{ b = 1 }], # {
    b = "{" }, { a = 2 },
]
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("policy",), 2),
        (("policy", "name"), 3),
        (("policy", "long"), 4),
        (("policy", "quoted key"), 8),
        (("policy", "also.quoted"), 9),
        (("policy", "dotted", "key"), 10),
        (("stage",), 11),
        (("stage", 0, "name"), 12),
        (("stage", 1), 13),
        (("stage", 1, "name"), 14),
        (("stage", 1, "name", 1), 14),
        (("stage", 1, "after"), 17),
        (("type", "报价 审批", "when"), 19),
        (("type", "报价 审批", "step", 0, "who"), 21),
        (("type", "报价 审批", "step", 1, "who"), 23),
        (("type", "other", "spaced"), 25),
        (("type", "other", "rows", 0, "a"), 26),
        (("type", "other", "rows", 1), 27),
        (("type", "other", "rows", 1, "a", 0, "b"), 27),
        (("type", "other", "rows", 2, "a"), 28),
        (("type", "other", "rows", 3), 26),
        (("stage", 1, "missing"), 13),
        (("type", "missing"), 18),
        (("missing",), None),
        (("neither",), None),
    ],
)
def test_a_path_has_the_line_of_its_key_or_of_the_nearest_table_around_it(path, line):
    assert Lines(TEXT).of(path) == line


def test_a_value_over_several_lines_is_searched_for_a_text():
    assert Lines(TEXT).of(("stage", 1, "name"), "b = 2") == 16
    assert Lines(TEXT).of(("stage", 1, "name"), "nowhere") == 14


@pytest.mark.parametrize("text", ["", "[", "[[", "=", "a.", 'a = """', "a = [", "[a]\n[[a]]\n[a.b]", "a = 'x\n]"])
def test_broken_text_is_scanned_without_failing(text):
    assert Lines(text).of(("nothing",)) is None


@pytest.mark.parametrize(("name", "lang"), [(name, lang) for name in TEMPLATES for lang in LANGUAGES])
def test_every_key_of_a_real_policy_is_found_on_the_line_where_it_stands(name, lang):
    text = template(name, lang)
    rows, lines = text.splitlines(), Lines(text)
    wrong = []
    paths = list(keys(parse(text), ()))
    for path in paths:
        row = rows[(lines.of(path) or 0) - 1].strip().strip('["')
        key = str(path[-1])
        if not row.startswith(key) and f".{key}" not in row and f" {key} = " not in row:
            wrong.append((path, row))
    assert len(paths) > 20
    assert wrong == []


def keys(value, path):
    """Every path of a document that ends in a key which has a line of its own."""
    for key, below in value.items():
        yield (*path, key)
        if isinstance(below, dict) and path[:1] != ("type",):
            yield from keys(below, (*path, key))
        elif isinstance(below, list) and key in ("stage", "step"):
            for n, table in enumerate(below):
                yield from keys(table, (*path, key, n))
        elif isinstance(below, dict) and len(path) == 1:
            yield from keys(below, (*path, key))
