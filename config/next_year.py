"""Next year's folder from this year's, or this year's later: dates moved, and marked what a person must look at."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

from chinese_calendar import constants
from yaml import YAMLError

from config.campaign_folder import CALENDAR, YEAR, files_in, read_campaign, read_file
from config.checks.campaign import ID
from config.csv_rows import TableMistake, cells_of
from config.mistakes import CampaignMistakes, Mistake
from config.yaml_csv import decode, load, load_yaml
from rules.campaign.campaign import Campaign

DAY = re.compile(r"(?<![0-9-])[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9-])")
DUE = re.compile(rf"\bdue: *{DAY.pattern}")
SAID_ANEW = ("title", "notice", "county_code")
NUMBERS = ("year", "paid_since")
REVIEWED = re.compile("[;；]?请核对.*")
"""What an earlier move asked to be looked at."""
WEEKDAYS = "一二三四五六日"
PAGE = "campaign.yaml"
LEDGER = "ledger.csv"
RESULTS = "results"
PAID = ("village_code", "year", "level", "yuan", "document")
"""The columns by which a payment is known."""
FORMS = "forms.yaml"
CHORES = """\
- [ ] `campaign.yaml`:日期已移到{year}年的同月同日,带“请核对”的逐行核对;`title`、`notice`、`source` 改为今年通知的原文。
- [ ] `calendar.yaml`:今年的放假安排公布后填写 `published_until`,程序缺少的节假日写入 `holidays`。
- [ ] `towns.csv`、`villages.csv`:参与数、建成数与村名改为今年的;撤并村把原编码写入 `predecessors`。
- [ ] `people.csv`:人员、邮箱、回避乡镇与代理人改为今年的。
- [ ] `ledger.csv`:补入{old}年及以前已发放、而本数据库没有记录的奖补。
- [ ] `indicators.yaml`、`forms.yaml`:对照今年的附件;有改动时同时改 `id`、`version`。
- [ ] `forms.yaml` 的 `ages`:劳动年龄照抄自{old}年,按{year}年的法定退休年龄核对(2025年起逐步延迟)。
- [ ] `gates.yaml`、`ladders.yaml`:席位、期限与提醒档是否照旧。
"""
YEAR_CHORE = f"- [ ] `{YEAR}`:人群、核实周期、服务种类与跟踪的政策是否照旧;有改动时同时改 `version`。"


def renew_folder(
    source: Path, target: Path, *, year: int, county: str = "", results: Path | None = None
) -> tuple[str, ...]:
    """Write ``target`` from ``source`` for ``year``; the chores that are left to people.

    ``results`` is a ledger.csv of what a finished campaign paid: it stands in the new one's.

    Raises ``CampaignMistakes`` when the source is broken, the target is there, or its name is no id.
    """
    refuse_target(target)
    campaign = read_campaign(source)
    texts = {file: decode(file, (source / file).read_bytes())[0] or "" for file in files_in(source)}
    texts[PAGE] = moved_page(texts[PAGE], campaign, name=target.name, year=year, county=county)
    texts[CALENDAR] = empty_calendar(year)
    copied = f"请核对:照抄自{campaign.year}年"
    texts[FORMS] = re.sub(r"(?m)^ages:.*", lambda line: marked(line[0], copied), texts[FORMS])
    texts[LEDGER] = earlier_payments(texts[LEDGER], year=year)
    if results is not None:
        texts[LEDGER] = with_results(texts[LEDGER], results.read_bytes())
    asked = CHORES.format(year=year, old=campaign.year).splitlines()
    asked += [YEAR_CHORE] if YEAR in texts else []
    chores = (*asked, *still_named(texts, campaign, county))
    texts["README.md"] = readme(campaign, year=year, chores=chores)
    target.mkdir(parents=True)
    for file, text in texts.items():
        (target / file).write_text(text, encoding="utf-8")
    return chores


def refuse_target(target: Path) -> None:
    if target.exists():
        raise CampaignMistakes((Mistake(str(target), "", "已存在", "不覆盖已有的文件夹,请换一个名称"),))
    if not ID.fullmatch(target.name):
        allowed = "文件夹名即活动 id,须为小写字母、数字和连字符,如 longquan-2027"
        raise CampaignMistakes((Mistake(str(target), "", target.name, allowed),))


def moved_page(text: str, campaign: Campaign, *, name: str, year: int, county: str) -> str:
    """``campaign.yaml`` line by line, so that its comments stay."""
    replaced = {"id": name, "year": str(year)} | ({"county": county} if county else {})
    replaced |= {"paid_since": str(year)} if campaign.paid_since > year else {}
    lines: list[str] = []
    for line in with_weekends(text):
        key = line.partition(":")[0]
        if key in replaced:
            lines.append(f"{key}: {replaced[key] if key in NUMBERS else quoted(replaced[key])}")
        elif key in SAID_ANEW:
            lines.append(marked(line.replace(str(campaign.year), str(year)), "请核对"))
        else:
            lines.append(moved_line(line, partial(later, years=year - campaign.year)))
    return "\n".join(lines) + "\n"


def quoted(value: str) -> str:
    """The text as YAML reads it back: in quotes where it would be a number, a date or a remark."""
    try:
        plain = load_yaml(f"key: {value}") == {"key": value}
    except YAMLError:
        plain = False
    return value if plain else json.dumps(value, ensure_ascii=False)


def with_weekends(text: str) -> Iterator[str]:
    """The lines, every stage saying what a due date on a rest day means: next year's may fall on one."""
    silent = iter(["weekend" not in stage for stage in load_yaml(text)["stages"]])
    for line in text.splitlines():
        if not DUE.search(line) or not next(silent):
            yield line
        elif "{" in line:
            yield DUE.sub(r"\g<0>, weekend: keep", line)
        else:
            yield from (line, f"{line[: len(line) - len(line.lstrip())]}weekend: keep")


def move_dates(folder: Path, *, first: date) -> int:
    """Rewrite ``campaign.yaml`` so that the first stage opens on ``first``; by how many days all dates moved.

    Raises ``CampaignMistakes`` when the page cannot be read; whatever else is wrong may be so.
    """
    loaded = load(folder, PAGE)
    page, _ = read_file(PAGE, loaded.content) if loaded.is_read else ({}, [])
    if loaded.mistakes or not page.get("stages"):
        missing = Mistake(PAGE, "stages", "无法读取", "须有各阶段的 opens、due")
        raise CampaignMistakes((*loaded.mistakes,) or (missing,))
    opens: date = page["stages"][0].opens
    shift = first - opens
    text = decode(PAGE, (folder / PAGE).read_bytes())[0] or ""
    lines = [moved_line(line, lambda day: day + shift) for line in text.splitlines()]
    (folder / PAGE).write_text("\n".join(with_year(lines, first.year)) + "\n", encoding="utf-8")
    return shift.days


def with_year(lines: Iterable[str], year: int) -> Iterator[str]:
    for line in lines:
        yield re.sub(r"(?<=^year: )[0-9]+", str(year), line)


def moved_line(line: str, move: Callable[[date], date]) -> str:
    """A line with its dates moved, marked with their weekdays now and before."""
    value, _, remark = line.partition(" #")
    days = [date.fromisoformat(found) for found in DAY.findall(value)]
    if not days:
        return line
    moved = DAY.sub(lambda found: str(move(date.fromisoformat(found[0]))), value)
    remark = REVIEWED.sub("", remark).strip()
    moved = f"{moved} # {remark}" if remark else moved.rstrip()
    said = "、".join(f"星期{weekday(move(day))}(原为星期{weekday(day)})" for day in days)
    return marked(moved, f"请核对:{said}")


def later(day: date, years: int) -> date:
    """The same day so many years on; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def weekday(day: date) -> str:
    return WEEKDAYS[day.weekday()]


def marked(line: str, sentence: str) -> str:
    return f"{line};{sentence}" if " #" in line else f"{line} # {sentence}"


def empty_calendar(year: int) -> str:
    """No corrections yet, and no promise beyond what the days-off library knows."""
    last = max(day.year for day in constants.holidays)
    return (
        "# 节假日取自 chinesecalendar;此处只写补充与更正。published_until:放假安排已公布到哪一天。\n"
        f"holidays: []\nmakeup_workdays: []\npublished_until: {min(last, year + 1)}-12-31 # 请核对\n"
    )


def earlier_payments(text: str, *, year: int) -> str:
    """The rows of the ledger that were paid before ``year``: a folder may be made for an earlier one."""
    first, *rows = csv.reader(text.splitlines())
    at = [cell.strip() for cell in first].index("year")
    kept = [row for row in rows if len(row) <= at or not row[at].strip() or int(row[at]) < year]
    if len(kept) == len(rows):
        return text
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows([first, *kept])
    return written.getvalue()


def with_results(text: str, results: bytes) -> str:
    """The ledger with the rows of a finished campaign that it does not have yet."""
    columns = next(csv.reader(text.splitlines()))
    there = [tuple(row[key] or "" for key in PAID) for row in csv.DictReader(text.splitlines())]
    written = io.StringIO()
    writer = csv.DictWriter(written, columns, lineterminator="\n", extrasaction="ignore", restval="")
    writer.writerows(row for row in payments_in(results) if tuple(row[key] for key in PAID) not in there)
    return text.rstrip("\n") + "\n" + written.getvalue()


def payments_in(results: bytes) -> list[dict[str, str]]:
    """The rows of a finished campaign's ledger, every column of ``PAID`` in each."""
    text, unread = decode(LEDGER, results)
    if text is None:
        raise CampaignMistakes(tuple(replace(one, file=RESULTS) for one in unread))
    try:
        columns, *rows = cells_of(text) or [[]]
    except TableMistake as error:
        wrong = Mistake(RESULTS, error.key, error.value, error.allowed, write=error.write)
        raise CampaignMistakes((wrong,)) from error
    if not set(PAID) <= set(columns):
        raise CampaignMistakes((Mistake(RESULTS, "", "、".join(columns), f"须有这些列:{'、'.join(PAID)}"),))
    return [{**dict.fromkeys(PAID, ""), **dict(zip(columns, row, strict=False))} for row in rows if any(row)]


def still_named(texts: Mapping[str, str], campaign: Campaign, county: str) -> Iterator[str]:
    """Where the old county is still named, when the folder is for another one."""
    root = campaign.county.rstrip("市县区")
    if not county or root in county:
        return
    for file, text in texts.items():
        numbers = [str(number) for number, line in enumerate(text.splitlines(), 1) if root in line]
        if numbers:
            yield f"- [ ] `{file}`:第{'、'.join(numbers)}行仍提到“{root}”。"
    yield f"- [ ] `{PAGE}`、`towns.csv`、`villages.csv`、`people.csv`:编码仍以 {campaign.county_code} 开头。"


def readme(campaign: Campaign, *, year: int, chores: Iterable[str]) -> str:
    listed = "\n".join(chores)
    return f"# {year}年:由 {campaign.id} 复制而来,启动前逐项核对\n\n{listed}\n"
