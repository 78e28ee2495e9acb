"""Who may write down somebody else's answer: another person, without a seat or an interest of their own."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from rules.campaign.campaign import Person
from rules.duties.holding import refuse_own_filing, refuse_own_town
from rules.refusals import Refused


def refuse_recorder(
    recorder: Person,
    *,
    on_behalf_of: str,
    asked: Mapping[str, str],
    sat: Collection[str],
    recorded: Collection[str],
    village_town: str,
    filed_by: frozenset[str],
    note: str,
) -> Refused | None:
    """Why ``recorder`` cannot write down what ``on_behalf_of`` said by telephone.

    ``asked`` maps the seats that are still open to their holders, ``sat`` holds who has decided at this gate
    and ``recorded`` who wrote down somebody's answer there. ``note`` says which call it was.
    """
    return (
        refuse_no_coordinator(recorder)
        or refuse_own_answer(recorder, on_behalf_of)
        or refuse_sitting_recorder(recorder, {*asked.values(), *sat})
        or refuse_second_recording(recorder, recorded)
        or refuse_own_filing(recorder, filed_by)
        or refuse_own_town(recorder, village_town)
        or refuse_not_asked(on_behalf_of, asked)
        or refuse_no_note(note)
    )


def refuse_no_coordinator(recorder: Person) -> Refused | None:
    if "coordinator" in recorder.roles:
        return None
    return Refused("not_coordinator", "只有活动协调员可以代录电话答复。")


def refuse_own_answer(recorder: Person, on_behalf_of: str) -> Refused | None:
    if recorder.id != on_behalf_of:
        return None
    return Refused("own_answer", "不能代录自己的答复。您本人的决定请在“您的决定”处作出。")


def refuse_sitting_recorder(recorder: Person, seated: Collection[str]) -> Refused | None:
    if recorder.id not in seated:
        return None
    return Refused(
        "recorder_sits", "您在这个审批点有席位或已作决定，不能代录他人答复。请由另一位协调员代录。"
    )


def refuse_second_recording(recorder: Person, recorded: Collection[str]) -> Refused | None:
    """Two seats mean two people; one pair of hands must not fill both."""
    if recorder.id not in recorded:
        return None
    return Refused(
        "second_recording", "您已代录过这个审批点的另一席，每人只能代录一席。请由另一位协调员代录。"
    )


def refuse_not_asked(on_behalf_of: str, asked: Mapping[str, str]) -> Refused | None:
    if on_behalf_of in asked.values():
        return None
    return Refused("not_asked", "此人目前不是这个审批点的待答复人，不能代录其答复。请刷新页面核对席位。")


def refuse_no_note(note: str) -> Refused | None:
    if note.strip():
        return None
    return Refused("no_note", "请写明是哪一次通话：何时、由谁拨打、对方原话要点。")
