"""What may be noted of somebody."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from rules.campaign.forms import Column
from rules.refusals import Refused
from rules.year.entries import Entry, refuse, settled
from rules.year.roster import Change, ChangeKind

DAY, TODAY = date(2026, 1, 5), date(2026, 3, 1)
NOTED = datetime(2026, 1, 5, tzinfo=UTC)
NUMBER = "331199199001010012"
COLUMNS = {
    one.key: one
    for one in (
        Column("name", "姓名", "text", "required"),
        Column("id_number", "身份证号", "id_number", "required"),
        Column("status", "就业状态", "choice", "required", ("已就业", "登记失业")),
        Column("groups", "重点群体", "choices", "optional", ("就业困难", "残疾人")),
    )
}
CAME = Change(1, "a", "came", DAY, NOTED, {"name": "张三"})
LEFT = Change(2, "a", "left", TODAY, NOTED, {})


@pytest.mark.parametrize(
    ("values", "kept"),
    [
        ({"name": " 张三 ", "status": ""}, {"name": "张三", "status": ""}),
        ({"groups": "就业困难、残疾人"}, {"groups": "就业困难、残疾人"}),
        ({"id_number": "33119919900101001２"}, {"id_number": NUMBER}),
        ({"status": "在家"}, "no_such_choice"),
        ({"id_number": "1"}, "unfit_number"),
        ({"name": "张" * 501}, "unfit_value"),
        ({"name": "张\u200b三\u0007"}, "unfit_value"),
        ({"shoes": "42"}, "no_such_column"),
    ],
)
def test_values_are_kept_as_the_columns_take_them(values: dict[str, str], kept: object) -> None:
    read = settled(Entry("came", DAY, values=values), COLUMNS)

    assert (read.code if isinstance(read, Refused) else read.values) == kept


@pytest.mark.parametrize(
    ("entry", "mine", "code"),
    [
        (Entry("came", DAY, values={"name": "张三", "id_number": NUMBER}), [], None),
        (Entry("came", DAY, values={"name": "张三"}), [], "who_came"),
        (Entry("left", DAY), [], "no_such_person"),
        (Entry("left", date(2026, 3, 2), "a"), [CAME], "day_ahead"),
        (Entry("left", DAY, "a"), [CAME], None),
        (Entry("left", date(2026, 1, 4), "a"), [CAME], "not_there"),
        (Entry("came", TODAY, "a"), [CAME], "already_there"),
        (Entry("came", TODAY, "a"), [CAME, LEFT], None),
        (Entry("contact", TODAY, "a"), [CAME], "nothing_said"),
        (Entry("contact", TODAY, "a", {"id_number": NUMBER}), [CAME], "number_by_correction"),
        (Entry("corrected", TODAY, "a", {"id_number": NUMBER}), [CAME], None),
        (Entry("corrected", TODAY, "a", corrects=2), [CAME, LEFT], None),
        (Entry("corrected", TODAY, "a", corrects=3), [CAME, LEFT], "nothing_to_correct"),
        (Entry("left", TODAY, "a", corrects=2), [CAME, LEFT], None),
    ],
)
def test_entry_that_cannot_have_been_is_refused(entry: Entry, mine: list[Change], code: str | None) -> None:
    refused = refuse(entry, mine, today=TODAY)

    assert (refused.code if refused else None) == code


@pytest.mark.parametrize("kind", ["employment", "group", "contact"])
def test_change_of_somebody_who_left_is_refused(kind: ChangeKind) -> None:
    refused = refuse(Entry(kind, TODAY, "a", {"status": "已就业"}), [CAME, LEFT], today=TODAY)

    assert refused is not None
    assert refused.code == "not_there"
