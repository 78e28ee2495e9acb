"""Sample facts, a postbox that really listens, and a channel that really sends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from notifications.catalog import facts_needed
from notifications.channels import Channel
from notifications.message import Address, Failed, Message, Sent
from notifications.rendering import render
from rehearsal.mailbox import Postbox

SAMPLE: dict[str, object] = {
    "campaign": "2020年龙泉市高质量就业社区(村)建设活动",
    "county": "龙泉市",
    "recipient": "测试甲",
    "link": "https://hqe.example.invalid/duties/17",
    "town": "八都镇",
    "village": "第一村",
    "items": [
        "八都镇第一村材料初审，11月15日(星期日)前(含当日，还剩5天)：https://hqe.example.invalid/gates/4",
        "八都镇第二村现场核查，11月20日(星期五)前(含当日，还剩10天)：https://hqe.example.invalid/duties/9",
    ],
    "schedule": [
        {"name": "调查摸底", "due": "10月23日(星期五)"},
        {"name": "汇总上报", "due": "11月15日(星期日)"},
    ],
    "due": "11月15日(星期日)",
    "lock": "11月18日(星期三)",
    "late_days": 2,
    "missing": ["第一村", "第二村"],
    "received": "2020年11月13日(星期五) 16:30:05",
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "rows": 412,
    "number": 2,
    "when": "11月14日20:10至22:45，共2小时35分",
    "changes": ["八都镇第一村：由11月18日测试甲、测试乙改为11月19日测试甲、测试丙(初审尚未完成)。"],
    "score": "91.5",
    "sums": ["基本数据：46.5分", "基层就业工作：43分", "加分：2分"],
    "findings": [
        {"message": "花名册第17行D列：身份证号码校验位不对，请对照身份证更正"},
        {"message": "调查表“劳动力总数”填了410，花名册是412，请核对后改为一致"},
    ],
    "reasons": ["花名册缺少3名登记失业人员，请补全", "走访记录没有日期，请补上"],
    "gate": "是否予以认定",
    "list": "推荐市级",
    "subject": "八都镇第一村认定",
    "answer": "同意",
    "decided_by": "局分管领导",
    "what": "变更 reviewer-4 测试戊：角色 reviewer→reviewer、coordinator",
    "valid": "七天",
    "tries": "10",
    "address": "10.0.0.1",
    "changed_by": "测试乙",
    "proposed_by": "测试乙",
    "taken_by": "测试丁",
    "withdrawn_by": "测试经办人",
    "version": 2,
    "reason": "材料齐全，现场核查与材料一致",
    "recorded_by": "测试乙",
    "person": "测试丙",
    "until": "11月17日(星期二)",
    "words": "我在电话里说的是退回",
    "outcome": "已重新提请审批",
    "why": "该审批点已有结论。",
    "stage": "汇总上报",
    "counts": [{"name": "应报社区(村)", "value": 48}, {"name": "已通过校验", "value": 46}],
    "level": "丽水市级",
    "yuan": 15000,
    "note": "",
    "day": "2020-11-13",
    "length": 1204,
    "head": "9f86d081 884c7d65 9a2feaa0 c55ad015 a3bf4f1b 2b0b822c d15d6c15 b0f00a08",
}

NOON = datetime(2020, 11, 13, 12, tzinfo=UTC)

Send = Callable[..., Sent | Failed]


@pytest.fixture
def sample() -> dict[str, object]:
    return dict(SAMPLE)


@pytest.fixture
def rendered(sample: dict[str, object]) -> Callable[..., Message]:
    """Renders a template with the sample's facts, some of them replaced."""

    def render_sample(template: str, **replaced: object) -> Message:
        return render(template, {**{fact: sample[fact] for fact in facts_needed(template)}, **replaced})

    return render_sample


@pytest.fixture
def message() -> Message:
    return Message(
        "提醒：八都镇申报材料请于11月15日(星期日)前报送，逾期将告知分管领导", "您好：\n\n请登录系统办理。\n"
    )


@pytest.fixture
def postbox(tmp_path: Path) -> Iterator[Postbox]:
    script = {
        "busy@example.invalid": ["451 4.3.0 later"],
        "gone@example.invalid": ["550 5.1.1 no such mailbox"],
        "cut@example.invalid": ["drop"],
        "lost@example.invalid": ["lose"],
        "closing@example.invalid": ["421 4.3.2 closing"],
    }
    postbox = Postbox(tmp_path / "mails", script=script)
    yield postbox
    postbox.stop()


@pytest.fixture
def channel(postbox: Postbox) -> Iterator[Channel]:
    with Channel(f"{postbox.start()}&name=%E5%B0%B1%E4%B8%9A%E5%B1%80") as channel:
        yield channel


@pytest.fixture
def send(channel: Channel, message: Message) -> Send:
    """Sends the sample message to ``who``@example.invalid."""

    def send_sample(who: str = "clerk", key: str = "duty:17:rung:-7") -> Sent | Failed:
        to = Address("测试甲(八都镇, 经办人)", f"{who}@example.invalid")
        return channel.send(message, to=to, key=key, at=NOON)

    return send_sample
