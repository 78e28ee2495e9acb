"""Passwords (Argon2id), what a good one is, and one-time passwords by telephone (RFC 6238)."""

from __future__ import annotations

import re
import time
import unicodedata
from collections.abc import Callable
from functools import cache

import pyotp
import segno
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from rules.people.passwords import familiar, is_guessable
from rules.refusals import Refused

SHORTEST = 10
LONGEST = 128
LEAST_GUESSES = 9.5
"""A password of ten random letters or digits has 10."""
MOST_JUDGED = 72
HAN = re.compile("[\u4e00-\u9fff]")
HAN_MORE = 2
"""The library takes a Chinese character for one of ten; at least a thousand are in everybody's use."""
STEP = 30
DRIFT = 1
"""Steps by which a telephone's clock may be wrong."""


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


def hash_password(password: str) -> str:
    return _hasher().hash(password)


@cache
def _nobodys() -> str:
    """Checked where there is no account, so that the answer takes as long."""
    return hash_password("nobody")


def matches(password: str) -> Callable[[str], bool]:
    """Whether ``password`` fits a hash; an empty hash fits nothing and takes as long."""

    def fits(kept: str) -> bool:
        try:
            return _hasher().verify(kept or _nobodys(), password) and bool(kept)
        except (VerificationError, InvalidHashError):
            return False

    return fits


def refuse_password(
    password: str, again: str, *, names: tuple[str, ...], around: tuple[str, ...] = ()
) -> Refused | None:
    """Why this cannot be a person's password; ``around`` is what else others know: town, county, campaign."""
    if password != again:
        return Refused("differs", "两次输入的密码不一致，请重新输入。")
    if not SHORTEST <= len(password) <= LONGEST:
        return Refused("length", f"密码须为{SHORTEST}至{LONGEST}个字符，可以是一句好记的话。请重新设置。")
    if len(set(password)) < 5 or password.isdecimal():
        return Refused("simple", "密码过于简单：不能只有数字，也不能重复少数几个字符。请重新设置。")
    if any(name and name.lower() in password.lower() for name in names):
        return Refused("personal", "密码不能包含您的姓名、账号或邮箱。请重新设置。")
    known = (*names, *around)
    if is_guessable(password, around=known) or guesses(password, around=known) < LEAST_GUESSES:
        reason = "密码太容易被猜到：去掉常见词语、地名、姓名、年份和连续按键后，剩下的太少。请换成一句别人想不到的话。"
        return Refused("guessable", reason)
    return None


def guesses(password: str, *, around: tuple[str, ...] = ()) -> float:
    """How many tries somebody needs who knows the common passwords, as a power of ten (zxcvbn)."""
    # Reads its lists as it is imported: a tenth of a second that only a new password is worth.
    from zxcvbn import zxcvbn

    text = unicodedata.normalize("NFKC", password)
    judged = zxcvbn(text[:MOST_JUDGED], user_inputs=sorted(familiar(around)))
    return float(judged["guesses_log10"]) + HAN_MORE * len(HAN.findall(text))


def fresh_secret() -> str:
    return pyotp.random_base32()


def code_at(secret: str, step: int) -> str:
    """What a telephone that knows the secret shows at a time step."""
    return pyotp.TOTP(secret, interval=STEP).at(step * STEP)


def step_of(code: str, *, at: float | None = None) -> Callable[[str], int | None]:
    """The time step at which a secret gives ``code``, within ``DRIFT`` of the host's time; None if at none."""
    moment = int(time.time() if at is None else at)

    def found(secret: str) -> int | None:
        clock = pyotp.TOTP(secret, interval=STEP)
        steps = range(moment // STEP - DRIFT, moment // STEP + DRIFT + 1)
        fitting = [step for step in steps if clock.verify(code.strip(), for_time=step * STEP)]
        return fitting[-1] if fitting else None

    return found


def picture_of(secret: str, *, account: str, issuer: str) -> str:
    """The QR code that an authenticator app scans, as an SVG element without style of its own."""
    address = pyotp.TOTP(secret, interval=STEP).provisioning_uri(name=account, issuer_name=issuer)
    return segno.make(address, error="m").svg_inline(scale=4, border=2, dark="#000", light="#fff")
