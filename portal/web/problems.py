"""What a program is told when something is not there, not allowed, or refused: RFC 9457, in Chinese."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from starlette.requests import Request
from starlette.responses import Response

from portal.web.request import request_id
from rules.refusals import Refused

MEDIA_TYPE = "application/problem+json"
API = "/api/"

NO_TOKEN = Refused("no_token", "请在Authorization请求头中以Bearer方式提交访问令牌。")
DEAD_TOKEN = Refused("dead_token", "访问令牌不正确、已撤销或已过期，请在“我的账号”中重新办理。")
NOT_FOUND = Refused("not_found", "没有这个对象，或者不在您和该令牌的权限范围内。请核对编号和令牌的权限。")
NOT_ALLOWED = Refused("not_allowed", "该地址不支持这种请求方法，请查阅接口说明。")
FOREIGN_ORIGIN = Refused("foreign_origin", "接口不接受其他网站页面发出的请求，请由程序直接调用。")
PLAIN_HTTP = Refused("plain_http", "为保护令牌，接口只接受HTTPS。请改用https://开头的地址。")
BAD_REQUEST = Refused("bad_request", "请求内容不完整或格式不对，没有办理任何事项。请对照接口说明修改。")
WRONG_TYPE = Refused("wrong_media_type", "请求的Content-Type不对，没有办理任何事项。请对照接口说明修改。")
TOO_LARGE = Refused("too_large", "请求内容超过大小限制(文件15 MB)，没有收件。请删除多余内容后再提交。")
TOO_SLOW = Refused("too_slow", "请求内容很久没有传完，没有办理任何事项。请检查网络后重试。")
TOO_FAST = Refused("too_fast", "请求过于频繁，没有办理。请按Retry-After所示秒数稍后再试。")
BROKEN = Refused("broken", "系统出错，刚才的操作没有完成。请稍后重试，仍不行的请把请求编号告诉活动协调员。")

TITLES: Mapping[int, str] = {
    400: "请求有误",
    401: "需要令牌",
    403: "不受理",
    404: "没有找到",
    405: "方法不支持",
    408: "传送太慢",
    409: "情况已变",
    413: "内容过大",
    415: "类型不支持",
    422: "未予办理",
    429: "过于频繁",
    500: "系统出错",
    503: "数据库没有响应",
}
BY_STATUS = {400: BAD_REQUEST, 404: NOT_FOUND, 405: NOT_ALLOWED}

CONFLICTS = frozenset(
    {"stale_content", "stale_code", "gate_closed", "taken_seat", "second_seat", "identical", "on_its_way"}
)
"""Refusals about what has changed meanwhile: the same request was fine before."""


@dataclass(frozen=True, slots=True)
class Problem:
    """``code`` is stable and for programs, ``detail`` the Chinese sentence, ``request_id`` what the log calls it."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    request_id: str


def problem(
    request: Request, status: int, refused: Refused, *, headers: Mapping[str, str] | None = None
) -> Response:
    told = Problem(
        type=f"urn:hqe:problem:{refused.code}",
        title=TITLES.get(status, TITLES[400]),
        status=status,
        detail=refused.reason,
        code=refused.code,
        request_id=request_id(request),
    )
    text = json.dumps(asdict(told), ensure_ascii=False)
    return Response(text, status, headers=dict(headers or {}), media_type=MEDIA_TYPE)


def refusal(request: Request, refused: Refused) -> Response:
    """What an act refused."""
    status = {"too_often": 429, "file_too_large": 413}.get(refused.code, 422)
    return problem(request, 409 if refused.code in CONFLICTS else status, refused)


def is_api(request: Request) -> bool:
    return request.url.path.startswith(API)
