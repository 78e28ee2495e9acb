"""Who is lenient at what, and which indicators make reviewers differ."""

from __future__ import annotations

from fractions import Fraction

from rules.review.leniency import Leniency, Opinion, Pair, Wording, leniency, wordings

F = Fraction


def test_leniency_is_the_mean_above_what_counted_the_widest_first() -> None:
    opinions = [
        Opinion("a", "B1.1", F(6), F(4)), Opinion("a", "B1.1", F(4), F(4)),
        Opinion("b", "B1.1", F(2), F(4)), Opinion("b", "B1.2", F(3), F(3)),
    ]  # fmt: skip

    assert leniency(opinions) == (
        Leniency("b", "B1.1", 1, F(-2)),
        Leniency("a", "B1.1", 2, F(1)),
        Leniency("b", "B1.2", 1, F(0)),
    )


def test_wordings_are_the_indicators_on_which_two_ever_differed() -> None:
    pairs = [
        Pair("B1.1", F(6), F(3), F(6)), Pair("B1.1", F(6), F(6), F(6)), Pair("B1.2", F(0), F(3), F(3)),
        Pair("B1.3", F(2), F(2), F(6)), Pair("Z", F(0), F(1), F(0)),
    ]  # fmt: skip

    assert wordings(pairs) == (Wording("B1.2", 1, 1, F(1)), Wording("B1.1", 2, 1, F(1, 4)))
