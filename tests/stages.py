"""Four stages of policies that tests write where it matters nothing which there are: a lead, an offer, won and lost."""

STAGES = """[[stage]]
name = "Lead"
kind = "lead"
[[stage]]
name = "Offer"
[[stage]]
name = "Won"
kind = "won"
[[stage]]
name = "Lost"
kind = "lost"
"""
IN_CHINESE = """[[stage]]
name = "线索"
kind = "lead"
[[stage]]
name = "方案"
[[stage]]
name = "赢单"
kind = "won"
[[stage]]
name = "输单"
kind = "lost"
"""
