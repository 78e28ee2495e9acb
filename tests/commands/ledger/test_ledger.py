"""``hqe ledger``: shown, entered, confirmed."""

from __future__ import annotations

from pathlib import Path

from records.lists.ledger import entries_of
from records.store import Store
from tests.actions.conftest import CAMPAIGN_ID
from tests.actions.lists.test_results import FIRST, open_under
from tests.commands.conftest import Run

ITS = ("--campaign", CAMPAIGN_ID)


def test_result_of_a_table_is_entered_and_payment_confirmed_and_shown(
    store: Store, run: Run, tmp_path: Path
) -> None:
    open_under(store, "difference")
    table = tmp_path / "results.csv"
    table.write_text(f"village_code,level,kind\n{FIRST},city,recognised\n", encoding="utf-8")
    words = ("--document", "丽人社〔2020〕9号", "--dated", "2020-11-30", "--by", "coordinator-1", *ITS)

    entered = run("ledger", "result", str(table), *words)
    again = run("ledger", "result", str(table), *words)
    with store.reading() as session:
        number = entries_of(session, CAMPAIGN_ID)[0].id
    paid = run(
        "ledger", "paid", str(number), "--voucher", "118", "--on", "2020-12-25", "--by", "finance-1", *ITS
    )
    shown = run("ledger", "show", FIRST, *ITS)

    assert entered.output == "已登记1条。\n"
    assert (again.exit_code, "已经登记过" in again.output) == (2, True)
    assert paid.output == "已登记1条。\n"
    assert shown.output.splitlines() == [
        f"{number:>6} 2020 {FIRST} county payment 10000元 2020-12-25 118",
        "合计 10000元",
    ]
