"""What makes a password easy to guess here: Chinese words, words of this work and around its owner, years, repetition.

ASVS 5 6.2: length over composition, no common password, none made of the context's words. Whatever is common is taken
out; what is left over must be long enough by itself, whatever signs it consists of. What is common worldwide, the
portal asks a library (`portal/people/passwords.py`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

LEAST = 6.0
"""Of what is left over: a letter counts 1, a Chinese character 2, a digit or another sign a half."""

ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "!@#$%^&*()_+",
    "qazwsxedcrfvtgbyhnujmikolp",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "1q2w3e4r5t6y7u8i9o0p",
    "q1w2e3r4t5y6u7i8o9p0",
    "1a2s3d4f5g6h7j8k9l",
    "147258369",
    "741852963",
    "1357924680",
    "0246813579",
    "一二三四五六七八九十",
    "甲乙丙丁戊己庚辛壬癸",
)
"""Neighbours on a keyboard or in a row; three together, either way round, are one thing to remember."""

COMMON = """
password passwd pass word admin root guest test welcome huawei xiaomi taobao alipay weixin wechat tencent baidu alibaba
woaini woaiwo aini woaiwojia wojia laogong laopo baobao baobei mama baba wangba nihao zhongguo china chinese
beijing shanghai hangzhou guangzhou shenzhen caonima mima denglu zhanghao guanliyuan yonghu xinnian gongxi
xiaoxiao tiantian kuaile xingfu pingan jiankang facai qingchun mengxiang tianshi gongzhu xiaozhu tudou
zhangwei wangwei wangfang liwei wangxiuying zhangmin lijing zhangli wangjing liuwei wangjun lina liying zhangjie lilei
hanmeimei lihua wangyang liuyang chenjing wangli liyang zhangyong lijun wanggang liujing zhanglei
asdasd qweqwe aaabbb abc123 qaz wsx edc 5201314 1314520 7758521 7758258 1314 520 521 110 119 120 168 666 777 888 999 000
111 密码 口令 我爱你 你好 管理员 用户 登录 系统 中国 祖国 北京 上海 平安 健康 快乐 幸福 发财 恭喜 新年
"""
"""What lists of passwords stolen from Chinese sites have again and again, and the few that stand in every list."""

OF_THIS_WORK = """
hqe jiuye jiuyeju renshe rensheju renliziyuan shehuibaozhang shequ gaozhiliang xiangzhen jiedao shenpi
shenhe jingban nongcun zhengfu rsj gov county campaign village town reviewer coordinator leader finance
auditor clerk head 就业 人社 人力资源 社会保障 社区 乡镇 街道 审批 审核 经办 政府 高质量 局长 活动
"""

LEET = str.maketrans(
    {"@": "a", "4": "a", "$": "s", "5": "s", "0": "o", "!": "i", "1": "l", "3": "e", "7": "t"}
)
YEAR = re.compile(r"(?:19|20)\d\d(?:[-/.年]?(?:0?[1-9]|1[0-2])(?:[-/.月]?(?:0?[1-9]|[12]\d|3[01])日?)?)?")
AGAIN = re.compile(r"(.{1,8}?)\1+")
GONE = "\0"
SHORTEST_LATIN, SHORTEST_HAN = 3, 2


def familiar(around: Iterable[str]) -> set[str]:
    """Every word that somebody here would try, with those of ``around``."""
    return {*COMMON.split(), *OF_THIS_WORK.split(), *_words(around)}


def is_guessable(password: str, *, around: Iterable[str]) -> bool:
    """Whether too little is left of it without what is common; ``around`` is who its owner is, and where."""
    text = unicodedata.normalize("NFKC", password).lower()
    words = familiar(around)
    return min(_left(text, words), _left(text.translate(LEET), words)) < LEAST


def _words(around: Iterable[str]) -> set[str]:
    """The single words of names, addresses and places that are long enough to be one."""
    found: set[str] = set()
    for text in around:
        plain = unicodedata.normalize("NFKC", text).lower()
        found |= {plain, *re.split(r"[^\w]+|[_\d]+", plain)}
    return {word for word in found if len(word) >= (SHORTEST_HAN if _is_han(word[:1]) else SHORTEST_LATIN)}


def _left(text: str, words: Iterable[str]) -> float:
    """How much of the text is nobody's guess."""
    for word in sorted(words, key=len, reverse=True):
        text = text.replace(word, GONE)
    text = _without_rows(YEAR.sub(GONE, text))
    return sum(map(_weight, AGAIN.sub(r"\1", text)))


def _without_rows(text: str) -> str:
    """The text without three or more neighbours of one row, either way round."""
    kept, start = [], 0
    while start < len(text):
        length = max(_run(text, start, row) for one in ROWS for row in (one, one[::-1]))
        kept.append(GONE if length >= 3 else text[start])
        start += length if length >= 3 else 1
    return "".join(kept)


def _run(text: str, start: int, row: str) -> int:
    """How many signs from ``start`` on follow each other in a row too."""
    at = row.find(text[start])
    if at < 0:
        return 0
    pairs = zip(text[start:], row[at:], strict=False)
    return next(
        (n for n, (one, other) in enumerate(pairs) if one != other), min(len(text) - start, len(row) - at)
    )


def _weight(sign: str) -> float:
    if sign in (GONE, " "):
        return 0
    return 2 if _is_han(sign) else 1 if sign.isalpha() else 0.5


def _is_han(sign: str) -> bool:
    return "\u4e00" <= sign <= "\u9fff"
