"""The examples of `opp help dates`; a test reads every one of them."""

DATES = (
    ("2026-11-27", "ISO; also 2026/11/27 and 20261127"),
    ("today", "tomorrow, yesterday; 今天 明天 后天 昨天"),
    ("fri", "the next one after today, in --since and --until the last one; mon … sun, 周五"),
    ("next fri", "of the week after this one; last fri, 下周五 上周五"),
    ("+3d", "d days, w weeks, m months, q quarters, y years; -1m is back"),
    ("+5bd", "business days"),
    ("eom", "end of the month; eow eoq eoy, and sow som soq soy for the start"),
    ("eom-2bd", "a day and what to add to it"),
    ("2026-W48", "an ISO week: its last day (its first for --since); 2026-W48-3 is its Wednesday"),
    ("2026Q4", "also 2026H1, 2026-11, 2026, next month, 下月"),
    ("27 Nov", "the coming one, in --since and --until the last one; Nov 27, 2026"),
    ("3天后", "两周后, 3个月后, 5个工作日后"),
    ("月底", "月初 下月底 季初 季度末 年底 明年初 4月初"),
    ("11月27日", "2026年11月27日, 明年3月1日, 下月5号, 27号"),
)
TIMES = (
    ("now", "现在"),
    ("2026-03-09T09:00+08:00", "ISO 8601 with an offset means the same everywhere"),
    ("2026-03-09 09:00", "a wall time in your zone"),
    ("tomorrow 14:00", "any day, then a time: 14:00, 2pm, 2:30pm"),
    ("+2h", "also +30min; +1d keeps the wall time"),
    ("明天下午3点", "下周五上午9点15分, 2小时后"),
)
REFUSED = (
    ("10/11/2026", "10 November or 11 October? write 2026-11-10, or set date.order to dmy or mdy"),
    ("10/11/26", "which of them is the year?"),
    ("2026-02-30", "February has 28 days"),
    ("3d", "say +3d or -3d"),
    ("02:30 on a night when the clocks change", "when it is skipped or comes twice; add the offset"),
)
