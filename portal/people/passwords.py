"""Passwords (Argon2id), what a good one is, and one-time passwords by telephone (RFC 6238)."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cache

import pyotp
import segno
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from rules.people.passwords import is_guessable
from rules.refusals import Refused

SHORTEST = 10
LONGEST = 128
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
    if is_guessable(password, around=(*names, *around)):
        reason = "密码太容易被猜到：去掉常见词语、地名、姓名、年份和连续按键后，剩下的太少。请换成一句别人想不到的话。"
        return Refused("guessable", reason)
    return None


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
