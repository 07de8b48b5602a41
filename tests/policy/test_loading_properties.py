"""Whatever is done to a policy file, the loader answers with a policy or with problems."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from oppcli.model.said import LANGUAGES
from oppcli.policy import TEMPLATES, load, read, template
from oppcli.policy.explain import explain
from oppcli.policy.known import Known
from oppcli.policy.problems import BrokenPolicy

TEXTS = [template(name, lang) for name in TEMPLATES for lang in LANGUAGES]
VALUES = (
    """
5 | -1 | 0 | 1.5 | nan | inf | true | "" | " " | "x" | "role:x" | "user:x" | "manager" | "always" | "not tier"
[] | {} | [[]] | [{}] | [["a", "b"]] | ["a", 5] | { a = "2%" } | { after = "1h", to = "manager" } | [{ after = "1h" }]
2026-01-01 | 2026-01-01T00:00:00Z | 09:00:00 | "5h" | "1e9h" | "50%" | "2026-01-01..2026-01-02" | "09:00-10:00"
"\\u0000" | "（" | "万" | "at least 999" | 99999999999999999999
""".strip()
    .replace("\n", " | ")
    .split(" | ")
)
KNOWN = Known(users=frozenset({"x"}), stages_in_use={"Lead": 1}, stage_kinds={"Won": "won"})


@st.composite
def damaged(draw):
    """A template with some lines changed: another value, another key, gone, twice, elsewhere."""
    lines = draw(st.sampled_from(TEXTS)).splitlines()
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(lines) - 1))
        key, equals, _ = lines[at].partition("=")
        change = draw(st.sampled_from(["value", "value", "value", "key", "drop", "twice", "move", "cut"]))
        if change == "value" and equals:
            lines[at] = f"{key}= {draw(st.sampled_from(VALUES))}"
        elif change == "key" and equals:
            lines[at] = lines[at].replace(key.strip()[-1:], draw(st.sampled_from(["x", "", "报"])), 1)
        elif change == "drop" and len(lines) > 1:
            del lines[at]
        elif change == "twice":
            lines.insert(at, lines[at])
        elif change == "move":
            lines.append(lines.pop(at))
        elif change == "cut":
            lines[at] = lines[at][: draw(st.integers(0, len(lines[at])))]
    return "\n".join(lines)


@settings(max_examples=250, deadline=None)
@given(damaged(), st.sampled_from([None, KNOWN, Known(first=True)]))
def test_a_damaged_file_is_a_policy_or_a_list_of_problems(text, known):
    try:
        policy = load(text, known=known, today=date(2026, 12, 1)).policy
    except BrokenPolicy as broken:
        assert [problem for problem in broken.problems if not problem.warning]
        assert all(str(problem) and problem.reason() for problem in broken.problems)
        return
    assert read(text) == policy
    assert all(section.sentences for section in explain(policy) if "people" in section.about)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=80) | st.text("[]=.\"'#\n {}policystage", max_size=80))
def test_any_text_is_a_list_of_problems(text):
    try:
        load(text)
    except BrokenPolicy as broken:
        assert broken.reasons
    else:
        raise AssertionError("no text this short is a policy")
