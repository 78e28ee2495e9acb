"""What is allowed in a campaign folder but worth a look before it is opened."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from config.checks.conditions import Draft, Mistakes
from config.mistakes import Mistake
from rules.campaign.campaign import Ladder, Person, Village


def hint_folder_name(draft: Draft) -> Mistakes:
    folder: Path = draft["folder"]
    if folder.resolve().name != draft["id"]:
        allowed = f"文件夹名为“{folder.resolve().name}”,建议与 id 一致"
        yield Mistake("campaign.yaml", "id", draft["id"], allowed)


def hint_sample(draft: Draft) -> Mistakes:
    if "自拟" in draft["scheme"].mark:
        allowed = "指标表仍标为自拟;取得正式附件后,请按其修改指标并删去 mark 中的“自拟”"
        yield Mistake("indicators.yaml", "mark", draft["scheme"].mark, allowed)


def hint_shared_mailboxes(draft: Draft) -> Mistakes:
    people: tuple[Person, ...] = draft["people"]
    for email, times in Counter(person.email for person in people).items():
        if times > 1:
            allowed = f"{times}人共用此邮箱;审批码会发到同一处,建议一人一个邮箱"
            yield Mistake("people.csv", "email", email, allowed)


def hint_payments_of_nobody(draft: Draft) -> Mistakes:
    villages: tuple[Village, ...] = draft["villages"]
    known = frozenset(code for village in villages for code in village.codes)
    for line, paid in draft["rows:ledger"]:
        if paid.village_code not in known:
            allowed = "今年未参与,此行不起作用;如已并入他村,请写入 villages.csv 的 predecessors"
            yield Mistake("ledger.csv", f"第{line}行.village_code", paid.village_code, allowed)


def hint_nobody_to_escalate_to(draft: Draft) -> Mistakes:
    """A rung that escalates hands the duty to the holder's deputy: those without one keep it alone."""
    ladders: tuple[Ladder, ...] = draft["ladders"]
    if not any(rung.escalate for ladder in ladders for rung in ladder.rungs):
        return
    for line, person in draft["rows:people"]:
        if not person.deputy and {"reviewer", "bureau_leader", "finance"} & set(person.roles):
            allowed = "ladders.yaml 有 escalate 档,此人没有 deputy,逾期时只提醒、不转办"
            yield Mistake("people.csv", f"第{line}行.deputy", "", allowed)


def hint_unread_files(draft: Draft) -> Mistakes:
    folder: Path = draft["folder"]
    known = {*draft["files"], "README.md"}
    for path in sorted(folder.iterdir()):
        if path.name not in known and not path.name.startswith((".", "~$")):
            yield Mistake(path.name, "", "多余", "程序不读此文件;请核对文件名")
