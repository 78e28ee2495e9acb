"""New passwords: what lists of stolen ones hold, worldwide and Chinese, and what this work would try is refused."""

from __future__ import annotations

import pytest

from portal.people.passwords import refuse_password

NAMES = ("测试甲", "clerk-331181100", "office@example.invalid")
AROUND = ("longquan-2020", "第一镇")


def code_of(password: str) -> str:
    refused = refuse_password(password, password, names=NAMES, around=AROUND)
    return refused.code if refused else ""


@pytest.mark.parametrize(
    "password",
    [
        # of the packaged list and its neighbours
        "password123",
        "P@ssw0rd2020",
        "sunshine-dragon",
        "Football2020!",
        "liverpool1892",
        "trustno1trustno1",
        "iloveyou4ever",
        "Superman&Batman",
        "letmein12345",
        "michaeljordan23",
        "starwars1977",
        "1q2w3e4r5t6y",
        "zaq12wsxcde3",
        "gfhjkmgfhjkm",
        # Chinese
        "woaini1314520",
        "zhangwei1985",
        "5201314abc",
        "caonima123456",
        "a123456789a",
        "asd123456789",
        "我爱你一二三四五六七",
        # of this work
        "jiuyeju2020!",
        "RenSheJu@123",
        "longquan-2020-clerk",
        "shenpi-xiangzhen",
    ],
)
def test_common_password_is_refused(password: str) -> None:
    assert code_of(password) == "guessable"


@pytest.mark.parametrize(
    "password",
    [
        "溪水绕山 2020 秋",
        "三只松鼠跳上屋顶看云",
        "correct horse battery staple",
        "xishuiraoshan2020qiu",
        "x7$Kp2!mQz",
        "gT9#vLq2-xWz",
        "雨后竹林里的小路" * 12,
    ],
)
def test_password_that_nobody_would_try_is_taken(password: str) -> None:
    assert code_of(password) == ""
