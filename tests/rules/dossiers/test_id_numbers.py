"""Identity numbers, and what Excel does to them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from rules.dossiers.dossier import Value
from rules.dossiers.id_numbers import (
    CHECK_DIGITS,
    CORRECTIONS,
    IdJudgement,
    age_on,
    birth_date,
    birth_fault,
    check_digit,
    judge_id,
    mask,
    normalise_id,
    sex,
)
from tests.rules.samples import cell, id_number

RIGHT = "331199199003070019"


def judged(value: Value) -> str:
    return judge_id(cell(value)).code


@pytest.mark.parametrize(
    "number",
    ["11010519491231002X", "440524188001010014", RIGHT, "331199197806150021", "33119920041020004X"],
)
def test_numbers_of_the_standard_are_right(number: str) -> None:
    assert judge_id(cell(number)) == IdJudgement(number, "")


@pytest.mark.parametrize(
    ("typed", "number", "corrections"),
    [
        (RIGHT, RIGHT, ()),
        ("３３１１９９199003070019", RIGHT, ("full_width",)),
        ("331199 19900307\u30000019", RIGHT, ("spaces",)),
        ("331199-19900307\uff0d0019", RIGHT, ("dashes",)),
        ("\ufeff331199199003070019\u200b", RIGHT, ("zero_width",)),
        ("'331199199003070019", RIGHT, ("apostrophe",)),
        ("33119920041020004x", "33119920041020004X", ("lower_x",)),
        ("33119920041020004ｘ", "33119920041020004X", ("full_width", "lower_x")),
    ],
)
def test_typing_is_tidied_and_said(typed: str, number: str, corrections: tuple[str, ...]) -> None:
    assert normalise_id(typed) == (number, corrections)
    assert set(corrections) <= set(CORRECTIONS)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (331199199003070016.0, "id_truncated"),
        (331199199003070000, "id_truncated"),
        ("3.31199E+17", "id_truncated"),
        ("331199199003071000", "id_truncated"),
        ("331199900307001", "id_fifteen_digits"),
        (331199900307001, "id_fifteen_digits"),
        ("33119919900307001", "id_length"),
        (12.0, "id_length"),
        ("33119919900307001年", "id_characters"),
        ("13812345678", "id_is_phone"),
        ("138 1234 5678", "id_is_phone"),
        (13812345678, "id_is_phone"),
        ("331199199002300019", "id_birth_date"),
        ("331199199003070018", "id_check_digit"),
    ],
)
def test_fault_is_named_by_its_cause(value: Value, code: str) -> None:
    assert judged(value) == code


@pytest.mark.parametrize(
    ("born", "why"),
    [
        ("20201024", "在2020年10月23日之后"),
        ("29900307", "在2020年10月23日之后"),
        ("20201023", ""),
        ("19001023", ""),
        ("18991023", "到2020年10月23日已超过120岁"),
        ("19900230", "没有这一天"),
    ],
)
def test_birth_that_nobody_alive_can_have_is_a_fault_on_the_day_of_the_survey(born: str, why: str) -> None:
    number, day = id_number(11, born=born), date(2020, 10, 23)

    assert (judge_id(cell(number), on=day).code, birth_fault(number, day)) == (
        "id_birth_date" if why else "",
        why,
    )


def test_right_number_ending_in_zeros_is_only_suspicious() -> None:
    seventeen = next(f"331199199003{n:05}" for n in range(7000, 32000, 100) if is_suspicious(n))

    suspicious = judge_id(cell(seventeen + "0"))

    assert (suspicious.code, suspicious.usable) == ("id_trailing_zeros", True)


def is_suspicious(n: int) -> bool:
    return f"{n:05}".endswith("00") and check_digit(f"331199199003{n:05}") == "0"


def test_number_tells_birth_sex_and_age() -> None:
    assert (birth_date(RIGHT), sex(RIGHT), sex("331199197806150021")) == (date(1990, 3, 7), "男", "女")
    assert (age_on(RIGHT, date(2020, 3, 6)), age_on(RIGHT, date(2020, 3, 7))) == (29, 30)


@pytest.mark.parametrize(("number", "shown"), [(RIGHT, "*" * 16 + "19"), ("19", "**"), ("", "")])
def test_mask_shows_the_last_two_characters_only(number: str, shown: str) -> None:
    assert mask(number) == shown


serials = some.integers(0, 998)
born = some.dates(date(1930, 1, 1), date(2010, 12, 31)).map(lambda day: f"{day:%Y%m%d}")


@given(serials, born, some.integers(0, 17), some.data())
def test_one_wrong_character_is_always_noticed(
    serial: int, birth: str, place: int, data: some.DataObject
) -> None:
    right = id_number(serial, born=birth)
    alphabet = CHECK_DIGITS if place == 17 else "0123456789"
    wrong = data.draw(some.sampled_from(alphabet).filter(lambda character: character != right[place]))

    assert judge_id(cell(right)).usable
    assert not judge_id(cell(right[:place] + wrong + right[place + 1 :])).usable


@given(serials, born, some.text(" -'\u3000\u200b", max_size=3), some.integers(0, 18))
def test_tidying_always_gives_the_number_back(serial: int, birth: str, noise: str, place: int) -> None:
    right = id_number(serial, born=birth)

    assert normalise_id(right[:place] + noise + right[place:])[0] == right
    assert normalise_id(right) == (right, ())


@given(serials, born)
def test_number_typed_as_a_number_is_always_truncated(serial: int, birth: str) -> None:
    assert judged(float(id_number(serial, born=birth)[:17] + "0")) == "id_truncated"
