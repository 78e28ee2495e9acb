"""Amounts in the signs that nobody can change on a payment list (大写金额)."""

from __future__ import annotations

DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("", "拾", "佰", "仟")
GROUPS = ("", "万", "亿")


def capital(yuan: int) -> str:
    """Whole yuan below a trillion: 10500 is 壹万零伍佰元整."""
    if yuan < 0:
        return f"负{capital(-yuan)}"
    if yuan == 0:
        return "零元整"
    said, skipped = "", False
    for place in reversed(range(len(str(yuan)))):
        digit = yuan // 10**place % 10
        if digit:
            said += (DIGITS[0] if skipped and said else "") + DIGITS[digit] + PLACES[place % 4]
        skipped = digit == 0
        if place % 4 == 0 and yuan // 10**place % 10**4:
            said += GROUPS[place // 4]
            skipped = skipped and place > 0
    return f"{said}元整"
