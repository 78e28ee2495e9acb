"""An explanation is one chain: it departs exactly where what is stored is not what is reckoned."""

from __future__ import annotations

from rules.review.explanation import Explanation, Link, digest_of


def link(stored: str, anew: str = "") -> Link:
    return Link(step="score", what="A", said="初审", role="reviewer", at=None, stored=stored, anew=anew)


def explained(*links: Link) -> Explanation:
    return Explanation("county-2020", "331181100200", "八都镇第一村", links, (), ())


def test_chain_that_is_reckoned_to_what_is_stored_has_one_digest() -> None:
    whole = explained(link("a", "a"), link("b"))

    assert (whole.departures, whole.digest == whole.anew) == ((), True)


def test_chain_departs_where_something_else_is_stored() -> None:
    bent = link("a", "b")
    told = explained(link("c", "c"), bent, link("d"))

    assert (told.departures, told.digest == told.anew) == ((bent,), False)


def test_digest_is_the_same_whatever_the_order_of_keys() -> None:
    assert digest_of({"a": 1, "b": "二"}) == digest_of({"b": "二", "a": 1}) != digest_of({"a": 2, "b": "二"})
