"""What is typed for a verb that decides, where somebody answers in their own words: in any language."""

from collections.abc import Mapping

VERDICTS: Mapping[str, tuple[str, ...]] = {
    "approve": ("approve", "同意"),
    "reject": ("reject", "拒绝", "拒絕"),
    "return": ("return", "退回"),
    "ask": ("ask", "提问", "提問"),
}
"""By verb; none of them begins like another."""
