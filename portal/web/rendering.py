"""From rows to pages: the templates' environment, their words for moments and numbers, and redirects."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import PurePath
from urllib.parse import quote, urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, RedirectResponse, Response

from actions.duties.posting import TITLES
from config.places import ROOT
from portal.web.language import COOKIE, NAMES, Language, language, points
from portal.web.menu import menu
from portal.web.request import Asked, PublicAsked, cookie_name, form_token, way
from rules.campaign.campaign import Campaign
from rules.campaign.scoring_words import half_up

FOLDER = ROOT / "portal"
UNPROCESSABLE = 422
A_YEAR_S = 365 * 24 * 3600

SAID = {
    "logged_out": "您已退出登录。",
    "logged_out_everywhere": "您已在所有设备上退出登录。",
    "password_changed": "密码已修改，其他设备上的登录和程序访问令牌已失效。",
    "token_revoked": "令牌已撤销，使用它的程序不能再访问。",
    "survey_confirmed": "调查摸底结果已确认。",
    "handed_in": "已收件。系统正在校验，结果会显示在本页，也会发邮件通知您。",
    "unchanged": "已登记，这些人没有变化。",
    "service_recorded": "服务已登记。",
    "withdrawn": "材料已撤回。请修改后在截止前重新上传。",
    "paper_announced": "已记录：纸质材料已寄送，等待局里签收。",
    "paper_received": "纸质材料已签收。",
    "extension_asked": "延期申请已提交，等待活动协调员答复。",
    "extension_granted": "延期已批准。",
    "time_given": "选中的待办已延期，有关人员会收到通知。",
    "extension_refused": "已答复：不予延期。",
    "scored": "评分表已保存。",
    "draft_kept": "草稿已保存，还没有提交。",
    "paper_made": "文书已生成。",
    "paid_out": "发放情况已登记。",
    "result_entered": "已登记。需要审批的，系统会另行提请。",
    "extract_imported": "业务数据已导入。",
    "revised": "修订已记录，系统会重新提出名单。",
    "decided": "决定已记录。",
    "decided_together": "选中的决定都已记录。",
    "visited": "现场核查情况已登记。",
    "signed": "已签字确认。",
    "objection_kept": "异议已登记，等另一人答复。",
    "objection_answered": "异议已答复。",
    "objection_kept_alone": "异议成立已记录。所针对的认定已不作数，该社区(村)已按最新材料办理，不再另行重新提请。",
    "visit_saved": "已保存。照片和填写的内容都在本页，可以继续补充。",
    "reminded": "提醒已写入发件箱，即将发出。",
    "invited": "邀请已写入发件箱，即将发出。",
    "channel_chosen": "提醒渠道已保存。",
    "channel_tried": "试发的一条已经送出，请到该渠道查看。",
    "call_recorded": "通话已登记。",
    "message_steered": "已记下，邮件按您的决定办理。",
    "outage_declined": "已答复：不因这次中断延期。",
    "telephone_kept": "电话已保存。",
    "accounts_kept": "所选账号已确认保留，记入审计日志。",
    "accounts_stood_down": "所选账号已停用；需要另一人确认的，确认后停用。",
    "handed_over": "已改派。",
    "recorded": "电话答复已代录，并已告知本人。",
    "objected": "异议已记录，并已告知活动协调员。",
    "gate_reopened": "已重新提请审批，有关人员会收到通知。",
    "calendar_changed": "放假安排已更新，等待的事项自动继续。",
    "stage_closed": "阶段已结束。",
    "stage_reopened": "阶段已重新开启。",
    "person_changed": "人员信息已更新。",
    "person_added": "人员已新增，请接着发出邀请。",
    "person_stood_down": "人员已停用，其待办已转交。",
    "person_taken_back": "人员已启用。",
    "proposed": "已提请，由另一人复核确认后生效。",
    "confirmed": "已确认并生效。",
    "declined": "已退回，一切照旧。",
    "unlocked": "账号已解锁，可以重新尝试登录。",
    "session_ended": "这次登录已结束。",
    "language_chosen": "邮件语言已保存，等待发出的邮件也按此发送。",
    "quiet_hours_set": "免打扰时段已保存。",
    "logged_out_for": "已让此人在所有设备上退出。",
    "conflict_declared": "回避已登记。",
    "absence_recorded": "外出已登记。",
    "absence_ended": "外出已结束。",
    "message_again": "邮件将重新发送。",
}
"""What a page says after something was done, by the word in its address."""


@cache
def make_pages() -> Mapping[str, Environment]:
    """The templates' environment of each language; a process compiles each template once."""
    return {name: _environment(language(name)) for name in NAMES}


def _environment(spoken: Language) -> Environment:
    pages = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    pages.install_gettext_translations(spoken.catalogue, newstyle=True)  # type: ignore[attr-defined]
    pages.globals.update(
        language=spoken,
        other_language=NAMES[spoken.other],
        menu=menu,
        duty_titles={kind: spoken.say(title) for kind, title in TITLES.items()},
    )
    pages.filters.update(
        points=points,
        half_up=half_up,
        moment=spoken.moment,
        day=spoken.day,
        state=spoken.state,
        role=spoken.role,
        refusal=spoken.refusal,
        answer=answer,
    )
    return pages


def page(pages: Environment, template: str, facts: Mapping[str, object]) -> str:
    return pages.get_template(template).render(facts)


def show(
    asked: PublicAsked,
    template: str,
    facts: Mapping[str, object],
    *,
    status: int = 200,
    spoken: Language | None = None,
) -> HTMLResponse:
    """A page for this request, with its form token and whatever the last act had to say; in the language of
    its reader, or in the one that was chosen with this very form."""
    spoken = spoken or asked.language
    common: dict[str, object] = {
        "form_token": form_token(asked.token),
        "said": spoken.say(SAID.get(asked.request.query_params.get("said", ""), "")),
        "refused": None,
        "here": asked.request.url.path,
        "stay": asked.request.url.path if asked.request.method == "GET" else "/",
        "now": asked.now,
        "contact": asked.house.settings.contact,
    }
    if isinstance(asked, Asked):
        common |= {"asked": asked, "person": asked.person, "campaign": asked.found.campaign}
    text = page(asked.house.pages[spoken.name], template, {**common, **facts})
    answer_ = HTMLResponse(text, status)
    if not asked.request.cookies.get(cookie_name(asked.request, asked.house.settings)):
        keep_token(answer_, asked, asked.token)
    return answer_


def keep_token(response: Response, asked: PublicAsked, token: str) -> None:
    response.set_cookie(
        cookie_name(asked.request, asked.house.settings),
        token,
        path="/",
        secure=way(asked.request, asked.house.settings) == "secure",
        httponly=True,
        samesite="lax",
    )


def keep_language(response: Response, asked: PublicAsked, name: str) -> Response:
    """In a cookie of its own: it outlives the session and says nothing about anybody."""
    response.set_cookie(
        COOKIE,
        name,
        max_age=A_YEAR_S,
        path="/",
        secure=way(asked.request, asked.house.settings) == "secure",
        httponly=True,
        samesite="lax",
    )
    return response


def leave(asked: PublicAsked, response: Response) -> Response:
    """Nothing of the session stays in the browser; that it is known, and its language, do."""
    response.delete_cookie(
        cookie_name(asked.request, asked.house.settings),
        path="/",
        secure=way(asked.request, asked.house.settings) == "secure",
        httponly=True,
        samesite="lax",
    )
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def go(path: str, *, said: str = "") -> RedirectResponse:
    """After something was done: a page that may be loaded again without doing it again."""
    return RedirectResponse(f"{path}?{urlencode({'said': said})}" if said else path, 303)


def local_path(path: str) -> str:
    """Where to go after logging in: a page of ours, whatever the address says."""
    fine = path.startswith("/") and not path.startswith(("//", "/\\")) and "\\" not in path
    return path if fine else "/"


def answer(name: str, campaign: Campaign, gate: str) -> str:
    return dict(campaign.gate(gate).answers).get(name, name)


FILES: Mapping[str, str] = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".pdf": "application/pdf",
}


def as_file(data: bytes, *, name: str) -> Response:
    """A download under a Chinese name (RFC 6266), never shown inside the browser."""
    ending = PurePath(name).suffix
    disposition = f"attachment; filename=\"file{ending}\"; filename*=UTF-8''{quote(name, safe='')}"
    return Response(data, media_type=FILES[ending], headers={"Content-Disposition": disposition})
