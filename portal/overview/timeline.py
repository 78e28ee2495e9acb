"""The campaign as a picture: stages on their days, rest days, today, and how far each town is, as SVG.

Drawn from plain facts and nothing else; without style sheets, which a strict policy would not let in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from html import escape

from actions.overview.board import Board
from actions.overview.counts import MEASURES, Counts
from portal.web.language import CHINESE, Language, language
from rules.campaign.calendar import Calendar
from rules.campaign.campaign import Campaign

WORDS: Mapping[str, str] = {
    "title": "%(title)s：进度图",
    "today": "今天%(day)s",
    "today_is": "今天是%(day)s。",
    "stage": "“%(stage)s”%(state)s，%(opens)s开始，%(due)s截止，%(measure)s%(done)s/%(owed)s。",
    "due": "%(day)s截止",
    "month": "%(month)s月",
    "makeup": "班",
}
"""What stands in the picture and is told of it; ``makeup`` marks a weekend day that is worked."""

ONE_DAY = timedelta(days=1)
MONDAY = 0
INK, SOFT, LINE, REST, PAPER = "#1c2530", "#5a6675", "#d5dbe2", "#e9edf1", "#ffffff"
DEEP, GOOD, LATE, EMPTY = "#1d4f6e", "#1f6b43", "#a2331f", "#dfe5ea"
TONES = {"waiting": "#8d99a6", "open": DEEP, "closed": GOOD}
"""State of a stage -> the colour of its bar."""
FONT = "Source Han Sans SC, Noto Sans CJK SC, PingFang SC, Microsoft YaHei, WenQuanYi Micro Hei, sans-serif"


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of what is owed are done, and how many are late without being done."""

    done: int
    owed: int
    late: int = 0


@dataclass(frozen=True, slots=True)
class StageBar:
    """One stage on its days; ``lock`` is the last day on which anything is taken."""

    title: str
    measure: str
    state: str
    opens: date
    due: date
    lock: date
    progress: Progress


@dataclass(frozen=True, slots=True)
class TownLine:
    """One town: how far it is in each stage, in the order of the stages."""

    name: str
    progress: tuple[Progress, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """Everything that the picture shows. ``rest`` are days off, ``makeup`` weekend days that are worked."""

    title: str
    today: date
    stages: tuple[StageBar, ...]
    towns: tuple[TownLine, ...]
    rest: frozenset[date] = frozenset()
    makeup: frozenset[date] = frozenset()

    @property
    def days(self) -> list[date]:
        """Every day of the picture: from the first opening to the last lock, today included."""
        first = min([self.today, *(stage.opens for stage in self.stages)])
        last = max([self.today, *(stage.lock for stage in self.stages)])
        return [first + ONE_DAY * n for n in range((last - first).days + 1)]


def timeline_of(board: Board, campaign: Campaign, calendar: Calendar) -> Timeline:
    """The facts of the picture from a board; days beyond the published calendar are left unmarked."""

    def local(at: datetime) -> date:
        return at.astimezone(campaign.zone).date()

    stages = tuple(
        StageBar(
            title=line.title,
            measure=MEASURES[line.name][0],
            state=line.state,
            opens=local(line.opens_at),
            due=local(line.due_at),
            lock=local(line.lock_at),
            progress=progress_of(line.name, line.counts),
        )
        for line in board.stages
    )
    wanted = {town.code for town in campaign.towns}
    counts = {(one.stage, one.town_code): one.counts for one in board.cells if one.town_code in wanted}
    towns = tuple(
        TownLine(
            town.name,
            tuple(progress_of(line.name, counts[line.name, town.code]) for line in board.stages),
        )
        for town in campaign.towns
    )
    bare = Timeline(board.title, local(board.at), stages, towns)
    rest = frozenset(day for day in bare.days if calendar.is_workday(day) is False)
    makeup = frozenset(day for day in bare.days if day in calendar.makeup_workdays)
    return Timeline(bare.title, bare.today, stages, towns, rest, makeup)


def progress_of(stage: str, counts: Counts) -> Progress:
    """What the stage counts as done, as everywhere else (``actions.overview.prefect_pages``)."""
    done: int = getattr(counts, MEASURES[stage][1])
    return Progress(done, counts.owed, min(counts.late + counts.lapsed, counts.owed - done))


@dataclass(frozen=True, slots=True)
class Page:
    """A sheet to draw on: how wide, where the days lie, how tall a stage is, and where a bar is in it."""

    width: int
    left: int
    right: int
    row: int
    bar: int
    size: int
    town_left: int
    town_row: int
    narrow: bool
    small: int = 12
    """Of whatever is smaller than the rest: what is smaller still cannot be read on a telephone."""


WIDE = Page(width=960, left=112, right=944, row=34, bar=8, size=13, town_left=124, town_row=24, narrow=False)
NARROW = Page(width=302, left=4, right=298, row=48, bar=24, size=14, town_left=78, town_row=28, narrow=True)
"""As wide as the board leaves it on a telephone of 360 px: nothing is shrunk there."""
HEAD = 46
BAR = 16


def draw_timeline(facts: Timeline, *, narrow: bool = False, spoken: Language | None = None) -> str:
    """The picture, in Chinese without ``spoken``; ``narrow`` for telephones: titles stand above their bars."""
    spoken, page = spoken or language(CHINESE), NARROW if narrow else WIDE
    chart = HEAD + page.row * len(facts.stages)
    height = chart + 56 + page.town_row * len(facts.towns)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {page.width} {height}" width="{page.width}" '
        f'height="{height}" role="img" aria-labelledby="t d" font-family="{FONT}" font-size="{page.size}">',
        f'<title id="t">{escape(title_of(facts, spoken))}</title>',
        f'<desc id="d">{escape(description_of(facts, spoken))}</desc>',
        _rect(0, 0, page.width, height, PAPER),
        *_days(facts, page, chart, spoken),
        *(
            part
            for n, stage in enumerate(facts.stages)
            for part in _stage(facts, page, stage, number=n, spoken=spoken)
        ),
        *_today(facts, page, chart, spoken),
        *_towns(facts, page, chart, spoken),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def title_of(facts: Timeline, spoken: Language) -> str:
    return spoken.say(WORDS["title"]) % {"title": facts.title}


def description_of(facts: Timeline, spoken: Language) -> str:
    """The picture in sentences, for whoever does not see it."""
    today = spoken.say(WORDS["today_is"]) % {"day": _day(spoken, facts.today)}
    return today + "".join(
        spoken.say(WORDS["stage"])
        % {
            "stage": one.title,
            "state": spoken.state(one.state, "stage"),
            "opens": _day(spoken, one.opens),
            "due": _day(spoken, one.due),
            "measure": spoken.say(one.measure),
            "done": one.progress.done,
            "owed": one.progress.owed,
        }
        for one in facts.stages
    )


def _day(spoken: Language, day: date) -> str:
    return spoken.day(datetime.combine(day, time(12), tzinfo=UTC), UTC)


# --- the days ------------------------------------------------------------------------------------


def _at(facts: Timeline, page: Page, day: date) -> float:
    """Where ``day`` begins, from the left."""
    days = facts.days
    return page.left + (page.right - page.left) * (day - days[0]).days / len(days)


def _days(facts: Timeline, page: Page, bottom: int, spoken: Language) -> Iterator[str]:
    """Rest days as shadows, a tick and a number at each Monday, the month where it begins."""
    days = facts.days
    wide = (page.right - page.left) / len(days)
    middle, half = _label_of_today(facts, page, spoken)
    for day in days:
        x = _at(facts, page, day)
        if day in facts.rest:
            yield _rect(x, HEAD - 6, wide, bottom - HEAD + 6, REST)
        if day.weekday() == MONDAY:
            yield _line(x, HEAD - 6, x, bottom, LINE)
            if abs(x - middle) > half + page.size:
                yield _text(x + 2, HEAD - 9, str(day.day), size=page.small, fill=SOFT)
        if day in facts.makeup:
            yield _text(
                x + wide / 2,
                HEAD - 9,
                spoken.say(WORDS["makeup"]),
                size=page.small,
                fill=LATE,
                anchor="middle",
            )
        if day == days[0] or day.day == 1:
            month = spoken.say(WORDS["month"]) % {"month": day.month}
            yield _text(x + 2, 14, month, size=page.size, fill=INK, weight="bold")


def _today(facts: Timeline, page: Page, bottom: int, spoken: Language) -> Iterator[str]:
    x, middle = _noon(facts, page), _label_of_today(facts, page, spoken)[0]
    yield _line(x, HEAD - 12, x, bottom, LATE, width=1.5)
    label = _said_of_today(facts, spoken)
    yield _text(
        middle, HEAD - 16, label, size=page.size - 1, fill=LATE, anchor="middle", weight="bold", halo=True
    )


def _noon(facts: Timeline, page: Page) -> float:
    return _at(facts, page, facts.today) + (page.right - page.left) / len(facts.days) / 2


def _said_of_today(facts: Timeline, spoken: Language) -> str:
    return spoken.say(WORDS["today"]) % {"day": _day(spoken, facts.today)}


def _label_of_today(facts: Timeline, page: Page, spoken: Language) -> tuple[float, float]:
    """(middle, half its width), moved in where the picture would end."""
    half = page.size * len(_said_of_today(facts, spoken)) * 0.42
    return min(max(_noon(facts, page), page.left + half), page.right - half), half


# --- the stages ----------------------------------------------------------------------------------


def _stage(facts: Timeline, page: Page, stage: StageBar, *, number: int, spoken: Language) -> Iterator[str]:
    top = HEAD + page.row * number
    y, tone = top + page.bar, TONES[stage.state]
    start, end = _at(facts, page, stage.opens), _at(facts, page, stage.due + ONE_DAY)
    lock = _at(facts, page, stage.lock + ONE_DAY)
    if lock > end:
        yield _rect(end, y + 4, lock - end, BAR - 8, tone, opacity=0.3)
    yield _rect(start, y, end - start, BAR, EMPTY, radius=3, stroke=tone)
    if stage.progress.done:
        yield _rect(start, y, (end - start) * _share(stage.progress.done, stage), BAR, tone, radius=3)
    yield _line(end, y - 3, end, y + BAR + 3, tone, width=2)
    due = spoken.say(WORDS["due"]) % {"day": _day(spoken, stage.due)}
    done = f"{stage.progress.done}/{stage.progress.owed}" if stage.progress.owed else ""
    if page.narrow:
        yield _text(page.left, top + 16, stage.title, fill=INK, weight="bold", size=page.size)
        yield _text(
            page.right,
            top + 16,
            f"{due} {done}".strip(),
            fill=SOFT,
            anchor="end",
            size=page.size - 1,
            halo=True,
        )
        return
    yield _text(page.left - 12, y + 13, stage.title, fill=INK, weight="bold", anchor="end", size=page.size)
    label = f"{due}　{done}" if done else due
    yield from _beside(page, label, start=start, end=max(end, lock), y=y + 12)


def _beside(page: Page, label: str, *, start: float, end: float, y: int) -> Iterator[str]:
    """To the right of the bar while there is room, else to its left."""
    room = len(label) * page.size
    if end + 8 + room <= page.right:
        yield _text(end + 8, y, label, fill=SOFT, size=page.size - 1, halo=True)
    else:
        yield _text(start - 8, y, label, fill=SOFT, size=page.size - 1, anchor="end", halo=True)


def _share(count: int, stage: StageBar) -> float:
    return min(1.0, count / stage.progress.owed) if stage.progress.owed else 0.0


# --- the towns -----------------------------------------------------------------------------------


def _towns(facts: Timeline, page: Page, top: int, spoken: Language) -> Iterator[str]:
    """A line for each town, a bar for each stage."""
    wide = (page.right - page.town_left) / max(1, len(facts.stages))
    head = top + 30
    for n, stage in enumerate(facts.stages):
        x = page.town_left + wide * n
        if page.narrow:
            yield _text(x, head - 14, stage.title[:2], fill=SOFT, size=page.small)
            yield _text(x, head, stage.title[2:4], fill=SOFT, size=page.small)
        else:
            title = f"{stage.title} · {spoken.say(stage.measure)}"
            yield _text(x, head, title, fill=SOFT, size=page.small)
    yield _line(page.left if page.narrow else 8, head + 8, page.right, head + 8, LINE)
    for n, town in enumerate(facts.towns):
        y = head + 14 + page.town_row * n
        yield _text(page.left if page.narrow else 8, y + 13, town.name, fill=INK, size=13)
        for place, progress in enumerate(town.progress):
            yield from _cell(page, progress, x=page.town_left + wide * place, y=y, wide=wide)


def _cell(page: Page, progress: Progress, *, x: float, y: float, wide: float) -> Iterator[str]:
    """Done in green, late in red, the rest empty; beside it the numbers."""
    if not progress.owed:
        yield _text(x, y + 13, "—", fill=SOFT, size=page.size - 1)
        return
    room, tall = (wide - 6, 5) if page.narrow else (wide - 58, 10)
    top = y + 17 if page.narrow else y + 4
    yield _rect(x, top, room, tall, EMPTY, radius=2)
    done, late = (round(room * part / progress.owed, 1) for part in (progress.done, progress.late))
    if done:
        yield _rect(x, top, done, tall, GOOD, radius=2)
    if late:
        yield _rect(x + done, top, late, tall, LATE, radius=2)
    numbers = f"{progress.done}/{progress.owed}"
    fill = LATE if late else SOFT
    if page.narrow:
        yield _text(x, y + 12, numbers, fill=fill, size=page.small)
    else:
        yield _text(x + room + 8, y + 13, numbers, fill=fill, size=page.size - 1)


# --- shapes --------------------------------------------------------------------------------------


def _number(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")


def _rect(
    x: float,
    y: float,
    wide: float,
    tall: float,
    fill: str,
    *,
    radius: int = 0,
    stroke: str = "",
    opacity: float = 1,
) -> str:
    more = f' rx="{radius}"' if radius else ""
    more += f' stroke="{stroke}"' if stroke else ""
    more += f' fill-opacity="{opacity}"' if opacity != 1 else ""
    return (
        f'<rect x="{_number(x)}" y="{_number(y)}" width="{_number(wide)}" height="{_number(tall)}" '
        f'fill="{fill}"{more}/>'
    )


def _line(x1: float, y1: float, x2: float, y2: float, stroke: str, *, width: float = 1) -> str:
    ends = " ".join(
        f'{name}="{_number(value)}"' for name, value in (("x1", x1), ("y1", y1), ("x2", x2), ("y2", y2))
    )
    return f'<line {ends} stroke="{stroke}" stroke-width="{_number(width)}"/>'


def _text(
    x: float,
    y: float,
    text: str,
    *,
    fill: str,
    size: int,
    anchor: str = "start",
    weight: str = "",
    halo: bool = False,
) -> str:
    more = f' text-anchor="{anchor}"' if anchor != "start" else ""
    more += f' font-weight="{weight}"' if weight else ""
    more += f' stroke="{PAPER}" stroke-width="4" paint-order="stroke"' if halo else ""
    return (
        f'<text x="{_number(x)}" y="{_number(y)}" font-size="{size}" fill="{fill}"{more}>'
        f"{escape(text)}</text>"
    )
