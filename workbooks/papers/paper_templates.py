"""The templates that ship, one for each kind of paper; what a bureau has put into its state folder stands for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from workbooks.papers import official
from workbooks.papers.official import (
    body,
    chart,
    form,
    heading,
    line,
    red_head,
    saved,
    signature,
    table,
    title,
)
from workbooks.reproducible import timeless, unzipped, zipped

FOLDER = "papers"
"""In the state folder: what the bureau edited, as ``KIND.docx``."""
VILLAGES = (
    ("序号", "{{ row.number }}", 16.0),
    ("乡镇(街道)", "{{ row.town }}", 46.0),
    ("社区(村)", "{{ row.village }}", 56.0),
    ("得分", "{{ row.score }}", 26.0),
)


def recognition_list() -> bytes:
    paper = official.blank()
    red_head(paper)
    title(paper, "{{ title }}")
    line(paper, "各乡镇人民政府、街道办事处：")
    body(
        paper,
        "根据《{{ notice }}》要求，经村级调查摸底、乡镇(街道)汇总上报、材料审核和现场核查，决定认定"
        "{{ rows|length }}个社区(村)为{{ first_honour }}，现将名单予以公布。",
        "希望被认定的社区(村)珍惜荣誉、再接再厉，充分发挥示范引领作用。",
    )
    table(paper, VILLAGES, "rows")
    signature(paper, "{{ office }}")
    return saved(paper)


def publicity_notice() -> bytes:
    paper = official.blank()
    title(paper, "{{ title }}")
    body(
        paper,
        "根据《{{ notice }}》要求，经审核和现场核查，拟认定以下{{ rows|length }}个社区(村)"
        "为{{ first_honour }}，现予公示。公示期为{{ workdays }}个工作日。",
        "任何单位和个人对公示对象有异议的，请在公示期内以书面形式向{{ office }}反映。反映情况应当实事求是，"
        "以单位名义反映的须加盖公章，以个人名义反映的须署真实姓名和联系方式，并附有关证据。",
    )
    table(paper, VILLAGES, "rows")
    signature(paper, "{{ office }}")
    return saved(paper)


def recommendation_letter() -> bytes:
    paper = official.blank()
    red_head(paper)
    title(paper, "{{ title }}")
    line(paper, "{{ above }}：")
    body(
        paper,
        "根据《{{ notice }}》，我局对各乡镇(街道)上报的社区(村)进行了审核认定，按得分排序，择优推荐"
        "{{ rows|length }}个社区(村)申报{{ level }}{{ honour }}，现将有关材料报上，请予审核。",
        "{%p if missing %}",
        "截至报送之日，另有{{ missing|length }}个社区(村)尚未办结，情况见附件2；办结后符合条件的另行补充报送。",
        "{%p endif %}",
        "附件：1.推荐名单",
    )
    body(paper, "{%p if missing %}", "　　　2.未随本次报送的社区(村)情况", "{%p endif %}")
    signature(paper, "{{ office }}")
    official.page_break(paper, "rows")
    line(paper, "附件1", font=official.HEADING)
    title(paper, "推荐{{ level }}{{ honour }}名单")
    table(paper, VILLAGES, "rows")
    heading(paper, "{{ sensitivity_title }}")
    line(paper, "{%p for one in sensitivity %}")
    body(paper, "{{ one }}")
    line(paper, "{%p endfor %}")
    official.page_break(paper, "missing")
    line(paper, "{%p if missing %}")
    line(paper, "附件2", font=official.HEADING)
    title(paper, "未随本次报送的社区(村)情况")
    line(paper, "{%p endif %}")
    table(
        paper,
        (
            ("乡镇(街道)", "{{ row.town }}", 46.0),
            ("社区(村)", "{{ row.village }}", 50.0),
            ("目前情况", "{{ row.state }}", 48.0),
        ),
        "missing",
    )
    return saved(paper)


def recommendation_form() -> bytes:
    paper = official.blank()
    title(paper, "{{ title }}")
    form(
        paper,
        (
            ("社区(村)名称", "{{ village }}"),
            ("所属乡镇(街道)", "{{ town }}"),
            ("负责人", "{{ head }}"),
            ("联系电话", "{{ phone }}"),
            ("推荐级别", "{{ level }}"),
            ("评价得分", "基本数据{{ score_a }}分，基层就业工作及加分{{ score_b }}分，合计{{ score }}分"),
            ("主要做法与成效", "{{ achievements }}"),
            ("社区(村)申报意见", "\n\n(盖章)　　　　年　　月　　日"),
            ("乡镇(街道)推荐意见", "\n\n签字：　　　　(盖章)　　年　月　日"),
            ("{{ county }}人力社保局意见", "\n\n(盖章)　　　　年　　月　　日"),
            ("{{ above }}意见", "\n\n(盖章)　　　　年　　月　　日"),
            ("省级意见", "\n\n(盖章)　　　　年　　月　　日"),
        ),
    )
    return saved(paper)


def town_summary() -> bytes:
    paper = official.blank()
    title(paper, "{{ title }}")
    body(
        paper,
        "参与建设{{ total.taking_part }}个(目标{{ total.target }}个)，已上报{{ total.filed }}个，"
        "认定{{ total.recognised }}个(目标{{ total.goal }}个以上)，推荐{{ total.recommended }}个。",
    )
    table(
        paper,
        (
            ("乡镇(街道)", "{{ row.town }}", 42.0),
            ("目标参与", "{{ row.target }}", 23.0),
            ("参与", "{{ row.taking_part }}", 19.0),
            ("上报", "{{ row.filed }}", 19.0),
            ("目标建成", "{{ row.goal }}", 23.0),
            ("认定", "{{ row.recognised }}", 19.0),
            ("推荐", "{{ row.recommended }}", 19.0),
        ),
        "rows",
    )
    signature(paper, "{{ office }}")
    return saved(paper)


def payment_list() -> bytes:
    paper = official.blank(landscape=True)
    title(paper, "{{ title }}")
    line(paper, "编号：{{ number }}　　　　单位：元", size=official.SIZE_4)
    table(
        paper,
        (
            ("序号", "{{ row.number }}", 14.0),
            ("乡镇(街道)", "{{ row.town }}", 32.0),
            ("社区(村)", "{{ row.village }}", 34.0),
            ("收款单位", "{{ row.payee }}", 46.0),
            ("开户银行及账号", "{{ row.account }}", 48.0),
            ("此前已奖补", "{{ row.before }}", 22.0),
            ("本次金额", "{{ row.yuan }}", 20.0),
            ("备注", "{{ row.note }}", 30.0),
        ),
        "rows",
        size=official.SMALL,
    )
    line(paper, "合计：{{ rows|length }}个社区(村)，{{ total }}元(大写：{{ capital }})", size=official.SIZE_4)
    line(paper, "{%p for one in signed %}")
    line(
        paper,
        "{{ one.office }}：{{ one.person }}　{{ one.day }}同意　　(签字)　　　　　　(盖章)",
        size=official.SIZE_4,
    )
    line(paper, "{%p endfor %}")
    return saved(paper)


def campaign_report() -> bytes:
    paper = official.blank()
    title(paper, "{{ title }}")
    heading(paper, "一、总体情况")
    body(
        paper,
        "本次活动有{{ towns }}个乡镇(街道)、{{ villages }}个社区(村)，"
        "其中{{ taking_part }}个参与建设(目标{{ target }}个)，"
        "{{ filed }}个上报材料，认定{{ recognised }}个(目标{{ goal }}个以上)，推荐{{ sent }}个，奖补{{ yuan }}元。",
    )
    heading(paper, "二、各乡镇(街道)认定情况")
    chart(paper, "chart_towns")
    heading(paper, "三、得分分布")
    chart(paper, "chart_scores")
    heading(paper, "四、上级结果")
    line(paper, "{%p for one in results %}")
    body(paper, "{{ one }}")
    line(paper, "{%p endfor %}")
    signature(paper, "{{ office }}")
    return saved(paper)


def visit_sheet() -> bytes:
    paper = official.blank()
    title(paper, "{{ title }}")
    body(paper, "{{ town }}{{ village }}　　核查人：　　　　　　　　核查日期：　　年　　月　　日")
    table(
        paper,
        (
            ("编号", "{{ row.id }}", 18.0),
            ("核查内容", "{{ row.name }}", 70.0),
            ("上报", "{{ row.claimed }}", 22.0),
            ("现场所见", "", 44.0),
        ),
        "rows",
        size=official.SMALL,
    )
    body(paper, "情况说明：", "", "核查人(两人)签字：")
    return saved(paper)


TEMPLATES: Mapping[str, tuple[str, Callable[[], bytes]]] = {
    "recognition_list": ("认定通知和名单", recognition_list),
    "publicity_notice": ("公示", publicity_notice),
    "recommendation_letter": ("推荐报送函", recommendation_letter),
    "recommendation_form": ("推荐表(附件4)", recommendation_form),
    "town_summary": ("乡镇(街道)汇总表", town_summary),
    "payment_list": ("奖补资金发放清单", payment_list),
    "campaign_report": ("活动总结", campaign_report),
    "visit_sheet": ("现场核查表", visit_sheet),
}
"""Kind of paper -> (its name, what makes its template)."""


def template_of(kind: str, home: Path) -> bytes:
    """The bureau's own template where there is one, else the one that ships."""
    own = home / FOLDER / f"{kind}.docx"
    return own.read_bytes() if own.is_file() else shipped(kind)


def shipped(kind: str) -> bytes:
    """The same bytes each time, so that their hash says whether a template was edited."""
    made = unzipped(TEMPLATES[kind][1]())
    return zipped({name: timeless(name, content) for name, content in made.items()})
