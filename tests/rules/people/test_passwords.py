"""Passwords that somebody would try first, and passwords that nobody would."""

from __future__ import annotations

import pytest

from rules.people.passwords import is_guessable

AROUND = ("longquan-2020", "龙泉市", "八都镇", "季文静", "clerk-331181100", "jwj@example.invalid")


@pytest.mark.parametrize(
    "password",
    [
        "password123",
        "P@ssw0rd2020",
        "Aa123456789",
        "qwertyuiop123",
        "1qaz2wsx3edc",
        "q1w2e3r4t5y6",
        "poiuytrewq",
        "admin888888",
        "abcabcabcabc",
        "woaini520520",
        "woaini1314520",
        "zhangwei1985",
        "5201314abc",
        "我爱你一二三四五六",
        "密码密码密码密码密码",
        "jiuyeju2020",
        "rensheju@123",
        "Longquan@2020",
        "龙泉市八都镇就业2020",
        "clerk331181100",
        "20200101-1985",
        "ｐａｓｓｗｏｒｄ１２３",
    ],
)
def test_password_of_common_words_and_of_the_context_is_guessable(password: str) -> None:
    assert is_guessable(password, around=AROUND)


@pytest.mark.parametrize(
    "password",
    [
        "溪水绕山 2020 秋",
        "三只松鼠跳上屋顶",
        "correct horse battery staple",
        "xishuiraoshan2020qiu",
        "x7$Kp2!mQz",
        "gT9#vLq2-xWz",
    ],
)
def test_password_of_whatever_signs_that_nobody_thinks_of_is_not(password: str) -> None:
    assert not is_guessable(password, around=AROUND)


def test_longest_password_is_judged_as_well() -> None:
    assert [is_guessable(one * 64, around=AROUND) for one in ("ab", "\0-")] == [True, True]
