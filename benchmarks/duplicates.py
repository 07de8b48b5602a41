"""What it costs to find the names that are alike among many: normal forms, and all pairs at once.

    python benchmarks/duplicates.py [--names 100000] [--least 85] [--sample 1500]

Made-up names of Chinese companies. All pairs are compared with what comparing each name with each would cost, reckoned
from a sample, whose pairs have to be the same either way.
"""

import argparse
import random
import time
from collections.abc import Callable
from itertools import combinations
from typing import TypeVar

from oppcli.rules.likeness import alike, likeness
from oppcli.words.firms import firm

Answer = TypeVar("Answer")
PLACES = "上海 北京 深圳 广州 杭州 南京 苏州 成都 武汉 西安 重庆 天津 青岛 宁波 无锡 东莞 哈尔滨 石家庄".split()
WORDS = "华信中恒达瑞丰泰安康盛鼎联创新科宏伟博远诚德金龙飞天海洋明光辉凯美嘉利通顺亿众和平正元"
TRADES = "科技 信息技术 精密仪器 机械设备 电子 贸易 实业 自动化 软件 网络科技 生物医药 新材料 环保科技".split()
FORMS = "有限公司 有限公司 有限公司 股份有限公司 有限责任公司 集团有限公司".split()


def names(count: int) -> list[str]:
    """Names that nobody has: a place, two to four characters, a trade, a legal form."""
    dice = random.Random(1)
    return [
        dice.choice(PLACES)
        + "".join(dice.choices(WORDS, k=dice.choice((2, 2, 3, 4))))
        + dice.choice(TRADES)
        + dice.choice(FORMS)
        for _ in range(count)
    ]


def timed(work: Callable[[], Answer]) -> tuple[Answer, float]:
    """What comes of it, and the seconds of the processor."""
    begun = time.process_time()
    return work(), time.process_time() - begun


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("--names", type=int, default=100_000)
    asked.add_argument("--least", type=int, default=85)
    asked.add_argument("--sample", type=int, default=1_500)
    given = asked.parse_args()
    typed = names(given.names)
    forms, normal_s = timed(lambda: list(dict.fromkeys(map(firm, typed))))
    found, join_s = timed(lambda: list(alike(forms, given.least)))
    some = forms[: given.sample]
    each = lambda: {(a, b) for a, b in combinations(range(len(some)), 2) if likeness(some[a], some[b]) >= given.least}  # noqa: E731
    slow, scan_s = timed(each)
    assert slow == {(one, other) for one, other, _ in alike(some, given.least)}
    whole_s = scan_s * (len(forms) / len(some)) ** 2
    print(f"{len(typed):,} names, {len(forms):,} normal forms, {len(found):,} pairs at {given.least}")
    print(f"normal forms {normal_s:.1f} s, all pairs {join_s:.1f} s: {join_s / normal_s:.1f} of the forms")
    print(
        f"each with each, reckoned from {len(some):,}: {whole_s:,.0f} s; all pairs are {join_s / whole_s:.5f} of that"
    )


if __name__ == "__main__":
    main()
