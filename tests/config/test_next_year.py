"""A folder for the next year, made from this year's."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
from chinese_calendar import constants

from config.campaign_folder import FILES, campaign_folder, read_campaign, read_folder
from config.mistakes import CampaignMistakes
from config.next_year import later, renew_folder

LONGQUAN = campaign_folder("longquan-2020")
YUNXI = Path(__file__).parent / "yunxi-2026"


def lines(file: Path) -> list[str]:
    return file.read_text(encoding="utf-8").splitlines()


def test_folder_renewed_has_the_same_days_of_its_own_year(tmp_path: Path) -> None:
    renew_folder(LONGQUAN, tmp_path / "longquan-2026", year=2026)

    campaign = read_campaign(tmp_path / "longquan-2026")
    assert (campaign.id, campaign.year, campaign.survey_day) == ("longquan-2026", 2026, date(2026, 10, 23))
    assert campaign.title == "2026年高质量就业社区(村)建设活动"
    assert [stage.due for stage in campaign.stages] == [
        date(2026, 10, 23),
        date(2026, 11, 15),
        date(2026, 11, 25),
        date(2026, 11, 30),
        date(2026, 12, 20),
    ]
    assert campaign.villages == read_campaign(LONGQUAN).villages


def test_folder_renewed_marks_what_must_be_looked_at_and_keeps_comments(tmp_path: Path) -> None:
    chores = renew_folder(LONGQUAN, tmp_path / "longquan-2021", year=2021)

    page = lines(tmp_path / "longquan-2021" / "campaign.yaml")
    assert "    due: 2021-11-15 # 星期日,仍以当日为准;请核对:星期一(原为星期日)" in page
    assert "title: 2021年高质量就业社区(村)建设活动 # 请核对" in page
    assert "recognised_at_least: 25 # “建成……25个以上”:下限,不是上限" in page
    assert lines(tmp_path / "longquan-2021" / "README.md")[2:] == list(chores)
    assert "- [ ] `ledger.csv`:补入2020年及以前已发放、而本数据库没有记录的奖补。" in chores
    assert chores[8].startswith("- [ ] `year.yaml`:人群、核实周期")
    assert lines(tmp_path / "longquan-2021" / "year.yaml") == lines(LONGQUAN / "year.yaml")


@pytest.mark.parametrize(
    ("old", "line"),
    [
        (
            "due: 2026-05-15, weekend: keep}",
            "  - {name: verification, title: 评定, opens: 2027-04-13, due: 2027-05-15, weekend: keep}"
            " # 请核对:星期二(原为星期一)、星期六(原为星期五)",
        ),
        (
            "due: 2026-05-15, weekend: keep}",
            "  - {name: award, title: 发放, opens: 2027-06-01, due: 2027-06-20, weekend: later}"
            " # 请核对:星期二(原为星期一)、星期日(原为星期六)",
        ),
    ],
)
def test_stage_that_left_out_its_weekend_policy_says_it_from_now_on(
    tmp_path: Path, old: str, line: str
) -> None:
    source = Path(shutil.copytree(YUNXI, tmp_path / "yunxi-2026"))
    page = source / "campaign.yaml"
    page.write_text(page.read_text(encoding="utf-8").replace(old, "due: 2026-05-15}"), encoding="utf-8")

    renew_folder(source, tmp_path / "yunxi-2027", year=2027)

    assert line in lines(tmp_path / "yunxi-2027" / "campaign.yaml")


def test_stage_on_several_lines_gets_its_weekend_policy_on_one_of_its_own(tmp_path: Path) -> None:
    source = Path(shutil.copytree(LONGQUAN, tmp_path / "longquan-2020"))
    page = source / "campaign.yaml"
    text = page.read_text(encoding="utf-8").replace("due: 2020-11-25\n    weekend: keep", "due: 2020-11-25")
    page.write_text(text, encoding="utf-8")

    renew_folder(source, tmp_path / "longquan-2021", year=2021)

    told = lines(tmp_path / "longquan-2021" / "campaign.yaml")
    at = told.index("    due: 2021-11-25 # 请核对:星期四(原为星期三)")
    assert told[at + 1] == "    weekend: keep"


@pytest.mark.parametrize("source", [LONGQUAN, YUNXI], ids=lambda source: source.name)
@pytest.mark.parametrize("year", range(2019, 2033))
def test_folder_renewed_lacks_only_the_days_off_that_nobody_has_decreed(
    tmp_path: Path, source: Path, year: int
) -> None:
    made = tmp_path / str(year)
    renew_folder(source, made, year=year)

    wrong = read_folder(made).mistakes

    decreed = max(day.year for day in constants.holidays)
    assert [(one.file, one.key) for one in wrong] == [("calendar.yaml", "published_until")] * (year > decreed)
    for one in wrong:
        (made / "calendar.yaml").write_text("\n".join(one.write) + "\n", encoding="utf-8")
    assert (read_campaign(made).id, read_campaign(made).year) == (str(year), year)


@pytest.mark.parametrize("name", ["2027", "1e5", "010", "true", "null", "on", "2027-11-15", "a-1"])
@pytest.mark.parametrize("county", ["清溪县", "清溪: 县", "清溪 #2 县", "县 'x'", "1234"])
def test_folder_renewed_says_names_so_that_they_are_read_back(tmp_path: Path, name: str, county: str) -> None:
    renew_folder(LONGQUAN, tmp_path / name, year=2026, county=county)

    campaign = read_campaign(tmp_path / name)
    assert (campaign.id, campaign.county) == (name, county)


def test_folder_for_another_county_lists_where_the_old_one_is_named(tmp_path: Path) -> None:
    chores = renew_folder(LONGQUAN, tmp_path / "yunxi-2026", year=2026, county="云溪县")

    assert read_campaign(tmp_path / "yunxi-2026").county == "云溪县"
    named = [
        [str(n) for n, line in enumerate(lines(tmp_path / "yunxi-2026" / file), 1) if "龙泉" in line]
        for file in ("campaign.yaml", "forms.yaml", "gates.yaml")
    ]
    assert sorted(chores[-4:-1]) == [
        f"- [ ] `campaign.yaml`:第{'、'.join(named[0])}行仍提到“龙泉”。",
        f"- [ ] `forms.yaml`:第{'、'.join(named[1])}行仍提到“龙泉”。",
        f"- [ ] `gates.yaml`:第{'、'.join(named[2])}行仍提到“龙泉”。",
    ]
    assert chores[-1] == (
        "- [ ] `campaign.yaml`、`towns.csv`、`villages.csv`、`people.csv`:编码仍以 331181 开头。"
    )


def test_folder_that_is_there_is_not_overwritten(tmp_path: Path) -> None:
    target = tmp_path / "longquan-2021"
    target.mkdir()

    with pytest.raises(CampaignMistakes, match="已存在"):
        renew_folder(LONGQUAN, target, year=2021)

    assert list(target.iterdir()) == []


def test_folder_with_a_name_that_is_no_id_is_refused_and_not_made(tmp_path: Path) -> None:
    with pytest.raises(CampaignMistakes, match="须为小写字母"):
        renew_folder(LONGQUAN, tmp_path / "龙泉2021", year=2021)

    assert list(tmp_path.iterdir()) == []


def test_folder_from_a_broken_one_is_refused_and_not_made(tmp_path: Path) -> None:
    source = Path(shutil.copytree(YUNXI, tmp_path / "yunxi-2026"))
    (source / "towns.csv").unlink()

    with pytest.raises(CampaignMistakes, match=r"towns\.csv"):
        renew_folder(source, tmp_path / "yunxi-2027", year=2027)

    assert not (tmp_path / "yunxi-2027").exists()


@pytest.mark.parametrize(
    ("results", "told"),
    [
        ('village_code,year,level,yuan,document\n331199100200,2020,"county,10000,文件\n', "引号须成对"),
        ("village_code,year\n331199100200,2020\n", "须有这些列"),
        ("", "须有这些列"),
        ("\ufeffvillage_code".encode("utf-16").decode("latin-1"), "UTF"),
    ],
)
def test_results_that_cannot_be_read_are_told_and_no_folder_is_made(
    tmp_path: Path, results: str, told: str
) -> None:
    file = tmp_path / "ledger.csv"
    file.write_bytes(results.encode("latin-1" if "UTF" in told else "utf-8"))

    with pytest.raises(CampaignMistakes, match=told):
        renew_folder(LONGQUAN, tmp_path / "longquan-2021", year=2021, results=file)

    assert not (tmp_path / "longquan-2021").exists()


def test_table_saved_by_excel_is_copied_as_utf_8(tmp_path: Path) -> None:
    source = Path(shutil.copytree(YUNXI, tmp_path / "yunxi-2026"))
    towns = source / "towns.csv"
    towns.write_bytes(towns.read_text(encoding="utf-8").encode("gb18030"))

    renew_folder(source, tmp_path / "yunxi-2027", year=2027)

    assert set(FILES) < {path.name for path in (tmp_path / "yunxi-2027").iterdir()}
    assert lines(tmp_path / "yunxi-2027" / "towns.csv") == lines(YUNXI / "towns.csv")


def test_last_of_february_moves_to_the_twenty_eighth() -> None:
    assert [later(date(2024, 2, 29), years) for years in (1, 4)] == [date(2025, 2, 28), date(2028, 2, 29)]
