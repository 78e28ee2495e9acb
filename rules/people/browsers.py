"""What a browser calls itself, in words by which its owner knows it again."""

from __future__ import annotations

BROWSERS = (
    ("MicroMessenger", "微信"),
    ("DingTalk", "钉钉"),
    ("Edg", "Edge"),
    ("360SE", "360"),
    ("QQBrowser", "QQ"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
"""(sign, name): every later one may stand in the words of an earlier one too."""
SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def in_words(calls_itself: str) -> str:
    """Such as ``Edge · Windows``; what is known by neither stays as it is, empty where it says nothing."""
    known = [
        next((name for sign, name in names if sign in calls_itself), "") for names in (BROWSERS, SYSTEMS)
    ]
    return " · ".join(filter(None, known)) or calls_itself
