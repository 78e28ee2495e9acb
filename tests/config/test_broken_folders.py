"""Folders with mistakes: every one of them is told at once, in whole sentences."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from config.campaign_folder import FILES, YEAR, read_campaign, read_folder
from config.mistakes import CampaignMistakes

HERE = Path(__file__).parent
GOOD = HERE / "yunxi-2026"
BROKEN: list[dict[str, Any]] = yaml.safe_load((HERE / "broken_folders.yaml").read_text(encoding="utf-8"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the good folder, to be broken."""
    return Path(shutil.copytree(GOOD, tmp_path / GOOD.name))


def change(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")


def mistakes(folder: Path) -> list[str]:
    return [str(mistake) for mistake in read_folder(folder).mistakes]


def hints(folder: Path) -> list[str]:
    return [str(hint) for hint in read_folder(folder).hints]


def test_folder_before_it_is_broken_has_no_mistake_and_no_hint(folder: Path) -> None:
    assert (mistakes(folder), hints(folder)) == ([], [])


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken["name"])
def test_folder_with_a_mistake_is_told_exactly_so(folder: Path, broken: dict[str, Any]) -> None:
    change(folder, broken["file"], broken["old"], broken["new"])

    assert mistakes(folder) == broken["mistakes"]


ONE_IN_EACH_FILE = (
    "an_unknown_policy",
    "tiers_that_rise",
    "a_choice_nobody_offers",
    "a_quorum_above_the_seats",
    "a_ladder_without_rungs",
    "a_day_off_that_is_worked",
    "a_number_that_is_none",
    "a_village_code_mangled_by_excel",
    "a_deputy_who_is_nobody",
    "a_payment_of_no_level",
    "a_group_by_a_value_nobody_offers",
)


def test_folder_broken_in_every_file_is_told_everything_at_once(folder: Path) -> None:
    chosen = [broken for broken in BROKEN if broken["name"] in ONE_IN_EACH_FILE]
    for broken in chosen:
        change(folder, broken["file"], broken["old"], broken["new"])

    expected = [sentence for broken in chosen for sentence in broken["mistakes"]]
    assert {broken["file"] for broken in chosen} == {*FILES, YEAR}
    assert sorted(mistakes(folder)) == sorted(expected)


def test_row_that_cannot_be_read_does_not_hide_the_mistakes_of_the_others(folder: Path) -> None:
    change(folder, "towns.csv", ",2,1\n339901100", ",两,1\n339901100")
    change(folder, "towns.csv", "339901201,", "33990120,")

    assert mistakes(folder) == [
        "towns.csv 第2行.taking_part:现为“两”;须为整数",
        "towns.csv 第4行.code:现为“33990120”;须为9位数字,以339901开头",
    ]


def test_empty_folder_names_every_file_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(CampaignMistakes) as caught:
        read_campaign(tmp_path)

    assert str(caught.value).splitlines() == [f"{file}:现为“无此文件”;活动文件夹须有此文件" for file in FILES]


def test_table_saved_by_chinese_excel_is_read_with_a_hint(folder: Path) -> None:
    file = folder / "towns.csv"
    file.write_bytes(file.read_text(encoding="utf-8").replace("\n", "\r\n").encode("gb18030"))

    campaign = read_campaign(folder)

    assert campaign == read_campaign(GOOD)
    assert hints(folder) == [
        "towns.csv:现为“GBK 编码”;已按 GBK 读取,请核对汉字;建议另存为“CSV UTF-8(逗号分隔)”"
    ]


def test_table_with_a_byte_order_mark_and_blank_cells_and_rows_is_read(folder: Path) -> None:
    file = folder / "towns.csv"
    lines = file.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join([*(f"{line}, ," for line in lines), ",,,,,,"]), encoding="utf-8-sig")

    assert read_campaign(folder) == read_campaign(GOOD)
    assert hints(folder) == []


def test_page_in_another_encoding_is_refused(folder: Path) -> None:
    for file, encoding in (("gates.yaml", "gb18030"), ("towns.csv", "utf-16"), ("ladders.yaml", "utf-16")):
        text = (folder / file).read_text(encoding="utf-8")
        (folder / file).write_bytes(text.encode(encoding))

    assert mistakes(folder) == [
        "gates.yaml:现为“不是 UTF-8 编码”;请用编辑器另存为 UTF-8",
        "ladders.yaml:现为“UTF-16 编码”;请另存为“CSV UTF-8(逗号分隔)”或 UTF-8 文本",
        "towns.csv:现为“UTF-16 编码”;请另存为“CSV UTF-8(逗号分隔)”或 UTF-8 文本",
    ]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "towns.csv 第1行:现为“”;第1行须为列名,用英文逗号分隔"),
        (
            b"code;name;taking_part\n",
            "towns.csv 第1行:现为“code;name;taking_part”;第1行须为列名,用英文逗号分隔",
        ),
        (b"code,name,name\n", "towns.csv 第1行:现为“name”;列名不得为空或重复"),
        (b'code,name\n1,"x\n', 'towns.csv 第2行:现为“1,"x”;引号须成对;含逗号的单元格须加双引号'),
        (b"code,name\n\xff\xff\xff", "towns.csv:现为“不是 UTF-8 编码”;请用编辑器另存为 UTF-8"),
    ],
)
def test_table_that_is_none_is_refused(folder: Path, content: bytes, sentence: str) -> None:
    (folder / "towns.csv").write_bytes(content)

    assert mistakes(folder) == [sentence]


def test_page_that_is_no_mapping_is_refused(folder: Path) -> None:
    (folder / "gates.yaml").write_text("- desk_review\n", encoding="utf-8")
    (folder / "ladders.yaml").write_text("ladders: [\n", encoding="utf-8")

    assert mistakes(folder) == [
        "gates.yaml:现为“['desk_review']”;须为映射(键: 值)",
        "ladders.yaml 第1行:现为“ladders: [”;括号没有收尾,或缺少内容",
    ]


def test_person_without_a_deputy_is_not_hinted_on_where_nothing_escalates(folder: Path) -> None:
    change(folder, "ladders.yaml", ", escalate: true", "")
    change(folder, "people.csv", ",,shen.2\n", ",,\n")

    assert (mistakes(folder), hints(folder)) == ([], [])


@pytest.mark.parametrize("document", ["云人社〔2022〕3号", "云人社〔2023〕9号", ""])
def test_recovery_of_a_payment_is_no_duplicate_of_it(folder: Path, document: str) -> None:
    recovery = f"339901001205,2022,xian,-3000,{document},\n339901100200,2019"
    change(folder, "ledger.csv", "339901100200,2019", recovery)

    assert (mistakes(folder), hints(folder)) == ([], [])


def test_file_that_is_a_folder_is_refused(folder: Path) -> None:
    (folder / "towns.csv").unlink()
    (folder / "towns.csv").mkdir()

    assert mistakes(folder) == ["towns.csv:现为“无法打开(Is a directory)”;须为可读的文件"]


def test_folder_worth_a_look_is_hinted_on_but_good(folder: Path) -> None:
    change(folder, "campaign.yaml", "visit_workdays: 10", "visit_workdays: 20")
    change(folder, "indicators.yaml", "mark: 云溪县虚构指标", "mark: 自拟示例")
    change(folder, "people.csv", "wu@example.invalid", "zhou@example.invalid")
    change(folder, "people.csv", ",,shen.2\n", ",,\n")
    change(folder, "ledger.csv", "339901001205", "339901001299")
    (folder / "towns (1).csv").write_text("", encoding="utf-8")
    other = folder.rename(folder.with_name("yunxi-copy"))

    assert mistakes(other) == []
    assert hints(other) == [
        "campaign.yaml stages[2].due:现为“2026-05-15”;"
        "初审、现场核查、认定依次用满期限要到2026-05-21;请缩短期限,或督促提前办结",
        "campaign.yaml id:现为“yunxi-2026”;文件夹名为“yunxi-copy”,建议与 id 一致",
        "towns (1).csv:现为“多余”;程序不读此文件;请核对文件名",
        "indicators.yaml mark:现为“自拟示例”;指标表仍标为自拟;取得正式附件后,请按其修改指标并删去 mark 中的“自拟”",
        "people.csv email:现为“zhou@example.invalid”;2人共用此邮箱;审批码会发到同一处,建议一人一个邮箱",
        "ledger.csv 第2行.village_code:现为“339901001299”;"
        "今年未参与,此行不起作用;如已并入他村,请写入 villages.csv 的 predecessors",
        "people.csv 第9行.deputy:现为“”;ladders.yaml 有 escalate 档,此人没有 deputy,逾期时只提醒、不转办",
    ]
