"""Examples in help that a Chinese reader is shown with words of their own: English line → Chinese line. What is not
here is shown to everybody as it stands."""

from collections.abc import Mapping

CHINESE: Mapping[str, str] = {
    "opp request cancel R-31 -m 'submitted twice'": "opp request cancel R-31 -m '重复提交'",
    "opp request revoke R-31 -m 'credit rating fell'": "opp request revoke R-31 -m '客户信用变化'",
    "opp request rebase R-31 -m 'new policy'": "opp request rebase R-31 -m '新制度'",
    "opp request override R-31 -m 'agreed by telephone'": "opp request override R-31 -m '总经理口头同意，补签'",
    "opp approve R-31 --rev 2 -m 'margin checked'": "opp approve R-31 --rev 2 -m '同意，毛利已核'",
    "opp reject R-31 -m 'margin below the floor'": "opp reject R-31 -m '毛利低于底线'",
    "opp request return R-31 -m 'which terms of payment?'": "opp request return R-31 -m '付款条件？'",
    "opp request recuse R-31 -m 'a relative works there'": "opp request recuse R-31 -m '客户是亲属'",
    "opp request transfer R-31 --to zoe -m 'on leave'": "opp request transfer R-31 --to zhou -m '休假'",
    "opp request add-approver R-31 --beside zac -m 'currency'": "opp request add-approver R-31 --beside zhao -m '外币'",
    "opp submit D-142 quote -m 'wanted by Friday'": "opp submit D-142 quote -m '客户周五要报价'",
    "opp request resubmit R-31 -m 'terms of payment added'": "opp request resubmit R-31 -m '补了付款条件'",
    "opp advance D-142 --to Negotiation": "opp advance D-142 --to 谈判",
    "opp deal list --stage Solution --ids | opp advance -": "opp deal list --stage 方案 --ids | opp advance -",
    'opp lose D-142 --reason price -m "12% above the other offer"': 'opp lose D-142 --reason 价格 -m "比对手贵 12%"',
    'opp deal reopen D-142 -m "they start over"': 'opp deal reopen D-142 -m "客户重新立项"',
    'opp deal assign D-142 D-143 --to wes -m "lea is on leave"': 'opp deal assign D-142 D-143 --to wang -m "li 休产假"',
    "opp deal attach D-142 quote-v3.pdf --kind quote": "opp deal attach D-142 报价单-v3.pdf --kind 报价单",
    'opp add "Phase two" --customer Acme --amount 800k': 'opp add "MES 二期" --customer 上海精密 --amount 80万',
    "opp lead reject D-142 --reason 'no budget'": "opp lead reject D-142 --reason 无预算",
    "opp delegate end G-3 -m 'by mistake'": "opp delegate end G-3 -m '误设'",
    "opp policy apply team.toml --rename Solution=Design": "opp policy apply team.toml --rename 方案=方案设计",
    "opp policy edit --rename Solution=Design": "opp policy edit --rename 方案=方案设计",
    "opp user add wes --name Wes --role manager --manager zoe": "opp user add wang --name 王芳 --role manager",
    "opp gate D-142 --to Contract --json": "opp gate D-142 --to 签约 --json",
    "opp policy simulate team.toml --amount 800k --submitter lea": "opp policy simulate team.toml --amount 80万",
    'opp task add "weekly report" --repeat mon': "opp task add 周报 --repeat 每周一",
    "opp note 142 'call: budget is approved -> next fri send the offer'": (
        "opp note 142 '电话：王总说预算已批 -> 下周五 发方案'"
    ),
    "opp dupes list customer --rule name": "opp dupes list customer --rule 同名",
    "opp dupes list --explain 'The Acme Co., Ltd.'": "opp dupes list --explain '精密（上海）有限公司'",
    "opp target set lea 2026-11 won_amount 100k/120k/150k": "opp target set li 2026-11 赢单金额 10万/12万/15万",
    "opp target set team:wes 2026Q4 won_amount 3m --split": "opp target set team:wang 2026Q4 赢单金额 300万 --split",
    "opp points give lea 5 --kind training -m 'showed the new product to all'": (
        "opp points give li 5 --kind 培训 -m '给大家讲了新产品'"
    ),
    "opp points give lea --kind training -m 'entered twice' -- -5": (
        "opp points give li --kind 培训 -m '记重了' -- -5"
    ),
    "opp forecast adjust D-142 --amount 400k --close 2026-12-20 -m 'they buy half of it'": (
        "opp forecast adjust D-142 --amount 40万 --close 2026-12-20 -m '只买一半'"
    ),
    "opp forecast adjust D-142 --category commit -m 'signed by hand, paper follows'": (
        "opp forecast adjust D-142 --category commit -m '已口头签约，合同随后'"
    ),
    "opp forecast adjust --owner lea --period 2026-11 --change -50k -m 'always too early'": (
        "opp forecast adjust --owner li --period 2026-11 --change -5万 -m '总是太早'"
    ),
    "opp forecast submit 2026-11 --team me --commit 500k": "opp forecast submit 2026-11 --team me --commit 50万",
    "opp forecast submit next-month": "opp forecast submit 下月",
    "opp lead list --source fair --since -1m": "opp lead list --source 展会 --since -1m",
    "opp report effect --at 2026-09-01 --measure stage:Offer --within 14d": (
        "opp report effect --at 2026-09-01 --measure stage:报价 --within 14d"
    ),
    "opp cost add fair 2026Q4 50k": "opp cost add 展会 2026Q4 5万",
    "opp cost list --source fair --csv": "opp cost list --source 展会 --csv",
}
