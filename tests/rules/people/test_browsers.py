"""Browsers in words that their owners know."""

from __future__ import annotations

import pytest

from rules.people.browsers import in_words

LIKE = "Mozilla/5.0 (%s) AppleWebKit/537.36 (KHTML, like Gecko) %s"


@pytest.mark.parametrize(
    ("system", "browser", "words"),
    [
        ("Windows NT 10.0; Win64; x64", "Chrome/126.0 Safari/537.36 Edg/126.0", "Edge · Windows"),
        ("X11; Linux x86_64", "Chrome/126.0 Safari/537.36", "Chrome · Linux"),
        ("Linux; Android 14", "Chrome/126.0 Mobile Safari/537.36 MicroMessenger/8.0", "微信 · Android"),
        ("iPhone; CPU iPhone OS 17_0 like Mac OS X", "Version/17.0 Mobile Safari/604.1", "Safari · iPhone"),
        ("Linux; HarmonyOS", "unheard-of/1", "HarmonyOS"),
    ],
)
def test_browser_is_told_by_its_name_and_system(system: str, browser: str, words: str) -> None:
    assert in_words(LIKE % (system, browser)) == words


@pytest.mark.parametrize("calls_itself", ["", "curl/8.5.0"])
def test_program_that_is_no_known_browser_stays_as_it_calls_itself(calls_itself: str) -> None:
    assert in_words(calls_itself) == calls_itself
