"""Policies that say nothing but a pipeline and business hours: what a test is about is added to one of them."""

from stages import IN_CHINESE

SMALL = """
[policy]
name = "small"
currency = "CNY"
calendar = "office"
fallback = "role:admin"
[[stage]]
name = "Lead"
kind = "lead"
[[stage]]
name = "Won"
kind = "won"
[[stage]]
name = "Lost"
kind = "lost"
[calendar.office]
timezone = "Asia/Shanghai"
mon_fri = ["09:00-18:00"]
"""
CHINESE = (
    """
[policy]
name = "销售"
currency = "CNY"
calendar = "cn"
fallback = "role:admin"
"""
    + IN_CHINESE
    + """[lost]
reasons = ["价格"]
[calendar.cn]
timezone = "Asia/Shanghai"
mon_fri = ["09:00-17:00"]
"""
)
