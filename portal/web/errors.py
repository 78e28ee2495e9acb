"""What somebody sees when something is not there, not allowed, or broken: a sentence and no content."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from portal.web import problems
from portal.web.language import language_of
from portal.web.rendering import page
from portal.web.request import house_of, request_id
from portal.web.security import TooLarge
from records.faults import why_not

log = logging.getLogger("hqe.portal")

HANDED_OVER = "该事项已于{when}转交{who}办理，您不再承办。需要由您办理的，请联系活动协调员改派。"

SENTENCES = {
    "not_found": ("没有这个页面", "地址不存在，或者不在您的办理范围内。请从首页重新进入。"),
    "handed_over": ("已转交他人办理", HANDED_OVER),
    "not_allowed": ("不能这样打开", "这个地址不能直接打开，请从首页进入后用页面上的按钮办理。"),
    "foreign_form": (
        "请求没有受理",
        "这个请求不是从本系统的页面发出的，没有办理任何事项。请从首页重新进入。",
    ),
    "old_form": ("页面已过期", "这个页面打开太久或已在别处重新登录，没有办理任何事项。请刷新页面后重试。"),
    "session_ended": ("登录已过期", "登录已过期，没有办理任何事项。请重新登录后再提交。"),
    "too_large": ("文件太大", "文件超过15 MB，没有收件。请删除工作簿中的图片等多余内容，另存后再上传。"),
    "form_too_large": (
        "内容太多",
        "提交的内容超过256 KB，没有办理任何事项。请把文字写得简短些，分几次提交。",
    ),
    "long_text": (
        "文字太长",
        "有一栏超过4000字，没有办理任何事项。请返回上一页写得简短些，详情可另附文件。",
    ),
    "typed_too_large": ("内容太多", "提交的内容超过8 MB，没有保存。请改用Excel文件上报。"),
    "document_too_large": ("文件太大", "文件超过10 MB，没有登记。请降低扫描的分辨率或压缩后再传。"),
    "photos_too_large": ("照片太大", "这些照片合起来超过64 MB，没有保存。请分几次上传，每次少选几张。"),
    "too_slow": (
        "网络太慢",
        "提交的内容很久没有传完，没有办理任何事项。请检查网络后重试，或换一个网络较好的地方。",
    ),
    "bad_form": ("请求没有受理", "提交的内容不完整或格式不对，没有办理任何事项。请返回上一页重试。"),
    "erased": (
        "材料已按期删除",
        "这份申报材料含有个人信息，已在保存期限届满后删除；统计数、评分和决定仍然保留。",
    ),
    "old_ticket": (
        "请重新进入",
        "这次进入已经过期，或不是从这个浏览器发起的。请从本系统的菜单重新打开 Prefect 页面。",
    ),
    "prefect_away": (
        "Prefect 没有响应",
        "上报、审核和发信不受影响。请稍后刷新；一直这样的，请运行维护人员运行 ./hqe doctor。",
    ),
    "plain_http": (
        "请用HTTPS打开",
        "为保护密码，本系统只接受https://开头的地址。请在地址栏改用https://打开。",
    ),
    "unwritten": ("暂时不能办理", "数据库没有响应，没有办理任何事项。请稍后重试。"),
    "broken": ("系统出错了", "刚才的操作没有完成，请稍后重试。仍不行的，请把下面的编号告诉活动协调员。"),
}
"""Name -> (title, what happened and what to do)."""

BY_STATUS = {404: "not_found", 405: "not_allowed", 400: "bad_form", 413: "form_too_large"}


def error_page(
    request: Request,
    status: int,
    name: str,
    *,
    sentence: str = "",
    reference: str = "",
    headers: Mapping[str, str] | None = None,
) -> Response:
    spoken = language_of(request)
    title, usual = SENTENCES[name]
    facts = {"title": spoken.say(title), "sentence": spoken.say(sentence or usual), "reference": reference}
    house = house_of(request)
    text = page(house.pages[spoken.name], "error.html", {**facts, "contact": house.settings.contact})
    return HTMLResponse(text, status, headers)


async def say_no(request: Request, error: Exception) -> Response:
    """An answer that the framework gives by itself: no such path, wrong method, a broken form."""
    assert isinstance(error, HTTPException)
    if problems.is_api(request):
        refused = problems.BY_STATUS.get(error.status_code, problems.BAD_REQUEST)
        return problems.problem(request, error.status_code, refused, headers=error.headers)
    name = BY_STATUS.get(error.status_code, "bad_form")
    return error_page(request, error.status_code, name, headers=error.headers)


async def say_too_large(request: Request, error: Exception) -> Response:
    assert isinstance(error, TooLarge)
    if problems.is_api(request):
        return problems.problem(request, 413, problems.TOO_LARGE)
    return error_page(request, 413, error.told)


async def say_too_slow(request: Request, _error: Exception) -> Response:
    """And hang up: what is still to come would be taken for another request."""
    hang_up = {"Connection": "close"}
    if problems.is_api(request):
        return problems.problem(request, 408, problems.TOO_SLOW, headers=hang_up)
    return error_page(request, 408, "too_slow", headers=hang_up)


def tell_broken(request: Request, error: Exception) -> None:
    """For the log: what kind of error and where in the code, no values."""
    frames = traceback.extract_tb(error.__traceback__)
    where = " < ".join(f"{frame.filename}:{frame.lineno}" for frame in reversed(frames[-6:]))
    log.error("request failed: %s %s %s %s", request_id(request), request.method, type(error).__name__, where)


def broken_page(request: Request, error: Exception) -> Response:
    """The last resort: the number under which the log tells more; a disk or a database that does not go says why."""
    tell_broken(request, error)
    why = why_not(error)
    if why:
        return error_page(request, 503, "unwritten", sentence=why, reference=request_id(request))
    return error_page(request, 500, "broken", reference=request_id(request))
