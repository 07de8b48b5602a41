"""The sentences of `policy explain` in Chinese."""

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from oppcli.model.approver import LINE, ROLE, Approver
from oppcli.model.deals import LOST, WON
from oppcli.model.policy import Calendar, Escalation, Reminder, StageRule, StepRule, TypeRule
from oppcli.model.units import HOUR_MS
from oppcli.policy.written import interval, runs
from oppcli.rules.sentences import number

if TYPE_CHECKING:
    from oppcli.policy.explain import Speech

STAGES, PEOPLE = "阶段", "人员"
_DAYS = "一二三四五六日"
_DO = {"notify": "告知{}", "add": "{}也可以审批", "reassign": "转给{}"}


def head(speech: "Speech") -> tuple[str, ...]:
    policy = speech.policy
    return (
        f"金额以 {policy.currency} 计，工作时间按日历 {policy.calendar}。",
        f"没有人能审批时交给{_people(policy.fallback, '或')}；系统绝不自动通过。",
    )


def stages(speech: "Speech") -> tuple[str, ...]:
    policy = speech.policy
    path = " → ".join(stage.name for stage in policy.pipeline)
    ends = "或".join(stage.name for stage in policy.stages if stage.kind in (WON, LOST))
    found = [f"商机依次经过 {path}，以{ends}结束。"]
    found += _durations(policy.stages)
    for stage in policy.stages:
        found += _stage(speech, stage)
    for name, types in policy.gates.items():
        if types:
            found.append(f"进入“{name}”之前，如果需要{'、'.join(speech.type(each) for each in types)}，必须已通过。")
    if policy.lost_reasons:
        found.append(f"输单原因：{'、'.join(policy.lost_reasons)}。")
    if policy.lost_detail_required:
        found.append(f"原因是{'、'.join(policy.lost_detail_required)}时必须写明情况。")
    return tuple(found)


def _durations(stages: Sequence[StageRule]) -> list[str]:
    """How long deals should stay, and when they are rotting: a sentence each, where anything is said."""
    found = []
    planned = [f"{stage.name} {_number(stage.target_ms)}" for stage in stages if stage.target_ms]
    idle = [f"{stage.name} {_number(stage.rotting_ms)}" for stage in stages if stage.rotting_ms]
    if planned:
        found.append(f"计划停留（工作小时）：{'、'.join(planned)}。")
    if idle:
        found.append(f"没有动静算搁置（工作小时）：{'、'.join(idle)}。")
    return found


def _stage(speech: "Speech", stage: StageRule) -> list[str]:
    found = []
    if stage.enter:
        found.append(f"进入“{stage.name}”需要填写{'、'.join(speech.field(name) for name in stage.enter)}。")
    if stage.leave:
        found.append(f"离开“{stage.name}”需要填写{'、'.join(speech.field(name) for name in stage.leave)}。")
    if stage.next is not None:
        onward = f"只能到{'、'.join(stage.next)}" if stage.next else "不能再到别的阶段"
        found.append(f"从“{stage.name}”{onward}。")
    return found


def type_rule(speech: "Speech", rule: TypeRule) -> tuple[str, ...]:
    when = speech.condition(rule.when)
    found = [f"{when}{'都' if when == '任何情况下' else '时'}需要审批。"]
    if rule.needs:
        found.append(f"缺少{'、'.join(speech.field(name) for name in rule.needs)}不能提交。")
    if rule.material:
        found.append(f"{'、'.join(_material(speech, rule, name) for name in rule.material)}有变化就要重新审批。")
    if rule.valid_days:
        found.append(f"通过后 {rule.valid_days} 天内有效。")
    found += [f"{n}. {_step(speech, step)}" for n, step in enumerate(rule.steps, 1)]
    found += _late(rule)
    if rule.lock:
        found.append("审批期间商机不能修改。")
    if not rule.bulk:
        found.append("不许批量同意。")
    if rule.cc:
        found.append(f"抄送{_people(rule.cc)}。")
    return tuple(found)


def _material(speech: "Speech", rule: TypeRule, name: str) -> str:
    tolerance = rule.tolerance.get(name)
    if tolerance is None:
        return speech.field(name)
    if tolerance.share is not None:
        return f"{speech.field(name)}（超过 {number(tolerance.share * 100, 'zh')} %）"
    return f"{speech.field(name)}（超过 {number(tolerance.absolute or Decimal(0), 'zh')}）"


def _step(speech: "Speech", step: StepRule) -> str:
    when = speech.condition(step.when)
    condition = "" if when == "任何情况下" else f"，{when}时"
    beside = f"（{step.together}，同时进行）" if step.together else ""
    text = f"{step.name}{beside}{condition}：{_rule(step)}，{_hours(step.sla_ms)}内。"
    return "".join([text, *_more(speech, step)])


def _rule(step: StepRule) -> str:
    one = len(step.who) == 1 and step.who[0].kind != ROLE
    if step.rule == "all":
        return f"{_people(step.who)}{'同意' if one else '全部同意，一人拒绝即拒绝'}"
    if step.rule == "at_least":
        return f"{_people(step.who)}中至少 {step.need} 人同意"
    return f"由{_people(step.who)}审批" if one else f"由{_people(step.who, '或')}中一人审批，先处理的人说了算"


def _more(speech: "Speech", step: StepRule) -> list[str]:
    found = []
    if step.must:
        found.append(f"其中必须有{_people(step.must)}。")
    if step.veto:
        found.append(f"{_people(step.veto)}一票否决。")
    if step.stand_in:
        found.append(f"审批人需要回避时由{_people(step.stand_in)}代替。")
    if step.fresh:
        found.append("必须本人亲自审批，不因上一步批过而免。")
    if step.on_reject == "return":
        found.append("拒绝即退回提交人。")
    if step.on_timeout != "escalate":
        found.append(f"超时{'退回提交人' if step.on_timeout == 'return' else '即拒绝'}。")
    if step.calendar not in ("", speech.policy.calendar):
        found.append(f"按日历 {step.calendar} 计时。")
    if step.cc:
        found.append(f"抄送{_people(step.cc)}。")
    return found


def _late(rule: TypeRule) -> list[str]:
    """Reminders and escalation: once for the type where its steps agree, else step by step."""
    plans = {(step.remind, step.escalate) for step in rule.steps}
    if len(plans) == 1:
        text = _escalation(*plans.pop())
        return [text] if text else []
    texts = [(step.name, _escalation(step.remind, step.escalate)) for step in rule.steps]
    return [f"{name}：{text}" for name, text in texts if text]


def _escalation(remind: Sequence[Reminder], escalate: Sequence[Escalation]) -> str:
    found = [f"{'、'.join(_reminder(each) for each in remind)}提醒一次"] if remind else []
    for level in escalate:
        after = f"到期 {_hours(level.after_ms)}后" if level.after_ms else "到期未处理"
        found.append(f"{after}{_DO[level.do].format(_target(level.to))}")
    return "；".join(found) + "。" if found else ""


def _reminder(reminder: Reminder) -> str:
    if reminder.share is not None:
        return f"用时过 {number(reminder.share * 100, 'zh')} % 时"
    return f"到期前 {_hours(reminder.before_ms or 0)}"


def people(speech: "Speech") -> tuple[str, ...]:
    policy, sod = speech.policy, speech.policy.sod
    own = "可以" if sod.submitter_may_approve else "不能"
    found = [f"{own}审批自己提交或负责的商机。"]
    if not sod.editor_may_approve:
        found.append("改过关键内容的人不能批这一版。")
    found.append(
        {
            "consecutive": "同一人相邻两步只批一次。",
            "all": "同一人在多个步骤只批一次。",
            "none": "同一人每一步都要批。",
        }[sod.repeat]
    )
    found += [f"{'、'.join(names)}必须由不同的人审批。" for names in sod.distinct]
    found += [f"{role}：{'、'.join(logins)}。" for role, logins in policy.roles.items() if logins]
    if not policy.override:
        found.append("管理员也不能越过审批。")
    return tuple(found)


def hours_of(calendar: Calendar) -> str:
    return f"工作时间：{calendar.name}（{calendar.timezone}）"


def calendar(calendar: Calendar) -> tuple[str, ...]:
    found = []
    for first, last, hours in runs(calendar):
        day = f"周{_DAYS[first]}" if first == last else f"周{_DAYS[first]}至周{_DAYS[last]}"
        found.append(f"{day} {'、'.join(interval(each) for each in hours)}。")
    if calendar.holidays:
        found.append(f"列出 {len(calendar.holidays)} 天节假日。")
    if calendar.workdays:
        found.append(f"列出 {len(calendar.workdays)} 天调休上班。")
    return tuple(found)


def _number(ms: int) -> str:
    return number(Decimal(ms) / HOUR_MS, "zh")


def _hours(ms: int) -> str:
    return f"{_number(ms)} 个工作小时"


def _people(approvers: Sequence[Approver], between: str = "、") -> str:
    return between.join(_approver(each) for each in approvers)


def _approver(text: Approver) -> str:
    if text.kind != LINE:
        return f"“{text.name}”"
    return {0: "直属主管", 1: "主管的主管"}.get(text.above, f"再上 {text.above} 级主管")


def _target(text: Approver) -> str:
    """Whom an escalation names: there, `manager` is the manager of the person it waits on."""
    return "审批人的主管" if text == "manager" else _approver(text)
