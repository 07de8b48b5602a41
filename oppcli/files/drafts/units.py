"""What the amounts of a column are counted in, where its name says so: `预计金额（万元）`, `Value (k USD)`."""

import re

from oppcli.model import money
from oppcli.words import amounts, numbers

_SAID = {
    "thousand": 10**3, "thousands": 10**3, "000": 10**3, "000s": 10**3, "千": 10**3, "仟": 10**3,
    "million": 10**6, "millions": 10**6, "mn": 10**6, "mio": 10**6, "billion": 10**9,
}  # fmt: skip
"""What stands in headers beside what one types behind a number."""
_ASIDE = re.compile(r"[(（\[【](.*?)[)）\]】]")
_BEHIND = re.compile(r"[万亿千][元]?$")
_CURRENCIES = sorted({*amounts.SIGNS, *money.CURRENCIES, "RMB"}, key=len, reverse=True)
_NOT_UNITS = re.compile("|".join(["in ", "单位", "[:： ]", *map(re.escape, _CURRENCIES)]), re.IGNORECASE)


def worth(column: str) -> int:
    """How much a 1 in this column stands for: 10,000 in `金额（万元）`; 1 where the name says nothing."""
    name = numbers.folded(column)
    for said in [*_ASIDE.findall(name), *_BEHIND.findall(name)]:
        unit = _NOT_UNITS.sub("", said.lower())
        if found := numbers.UNITS.get(unit) or _SAID.get(unit):
            return found
    return 1
