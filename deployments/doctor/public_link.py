"""Whether the public address leads to this house: asked as a town's browser would ask."""

from __future__ import annotations

import json
import socket
import ssl
import urllib.error
import urllib.request

from config.settings import Settings

WITHIN = 5.0
HEALTH = "/healthz"
EVERYWHERE = ("0.0.0.0", "::")

UNKNOWN_NAME = "网址 {url} 的主机名解析不到。请核对 HQE_PUBLIC_URL，或请网络管理员登记域名。"
UNTRUSTED = "网址 {url} 的证书不受信任或与主机名不符，浏览器会警告。请在代理上换用有效证书。"
NO_ANSWER = "网址 {url} 连接不上。请检查代理(Caddy 或 nginx)是否在运行、端口是否开放。"
ANOTHER_ANSWER = "网址 {url} 应答{status}，没有通到办理页面。请检查代理是否转到端口{port}。"
ANOTHER_SITE = "网址 {url} 打开的是别的网站，不是办理页面。请核对 HQE_PUBLIC_URL 和代理的设置。"
ANOTHER_HOUSE = "网址 {url} 打开的是另一处正在运行的本系统，不是这一处。请核对 HQE_PUBLIC_URL 和代理的设置。"


def local_address(settings: Settings) -> str:
    """Where this machine itself reaches the portal."""
    host = "127.0.0.1" if settings.portal_host in EVERYWHERE else settings.portal_host
    return f"http://{host}:{settings.portal_port}"


def where_it_leads_instead(settings: Settings) -> str:
    """One sentence when the public address does not lead to the portal that runs here; empty when it does.

    Empty as well when no public address is set or the portal does not answer here: that is another trouble.
    """
    mine = _instance(local_address(settings))
    if not settings.public_url or mine is None:
        return ""
    try:
        found = _ask(settings.public_url)
    except urllib.error.HTTPError as error:
        with error:
            return _said(settings, ANOTHER_ANSWER, status=error.code)
    except (OSError, ValueError) as error:
        return _said(settings, _why(error))
    if "instance" not in found:
        return _said(settings, ANOTHER_SITE)
    return "" if found["instance"] == mine else _said(settings, ANOTHER_HOUSE)


def _instance(url: str) -> object:
    try:
        return _ask(url).get("instance")
    except (OSError, ValueError):
        return None


def _ask(url: str) -> dict[str, object]:
    """What the address says of its health; empty when it says something else."""
    with urllib.request.urlopen(f"{url}{HEALTH}", timeout=WITHIN) as answer:
        text = answer.read(10_000)
    try:
        told = json.loads(text)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _why(error: Exception) -> str:
    cause = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(cause, socket.gaierror):
        return UNKNOWN_NAME
    return UNTRUSTED if isinstance(cause, ssl.SSLCertVerificationError) else NO_ANSWER


def _said(settings: Settings, sentence: str, *, status: int = 0) -> str:
    return sentence.format(url=settings.public_url, status=status, port=settings.portal_port)
