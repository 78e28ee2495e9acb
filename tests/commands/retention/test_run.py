"""``hqe retention run`` as an operator types it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from records.store import Store
from records.tables.dossiers import BlobRow
from tests.actions.conftest import HandIn, close_campaign
from tests.commands.conftest import Run, set_clock
from tests.conftest import rows_of

CLOSED = datetime(2020, 12, 20, 4, tzinfo=UTC)
OVER = datetime(2022, 12, 20, 16, tzinfo=UTC)


def test_retention_shows_first_then_erases_and_then_has_nothing_to_do(
    run: Run, submitting: Store, hand_in: HandIn, tmp_path: Path
) -> None:
    hand_in()
    close_campaign(submitting, now=CLOSED)
    set_clock(submitting, OVER)

    shown = run("retention", "run", "--dry-run")
    left = [one.erased_at for one in rows_of(submitting, BlobRow)]
    erased = run("retention", "run", "--json", tmp_path / "o.json")
    again = run("retention", "run")

    told = json.loads((tmp_path / "o.json").read_text())
    assert "将删除1个社区(村)的1份申报材料" in shown.output
    assert left == [None]
    assert "已删除1个社区(村)的1份申报材料" in erased.output
    assert (told["scrubbed"], len(told["villages"])) == (True, 1)
    assert again.output == "没有保存期限已满的花名册。\n"
    assert "按保存期限删除花名册" in run("audit", "show").output


def test_retention_within_the_time_erases_nothing(run: Run, submitting: Store, hand_in: HandIn) -> None:
    hand_in()
    close_campaign(submitting, now=CLOSED)
    set_clock(submitting, OVER - timedelta(days=1))

    done = run("retention", "run")

    assert done.output == "没有保存期限已满的花名册。\n"
    assert [one.erased_at for one in rows_of(submitting, BlobRow)] == [None]
