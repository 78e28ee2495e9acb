"""What is typed on a page makes the very workbook that the template would be, filled with the same values."""

from __future__ import annotations

from datetime import date

import pytest

from rehearsal.people import workbooks
from rules.refusals import Refused
from tests.actions.conftest import small_campaign
from workbooks.template import typed as form
from workbooks.template.fill import Filling
from workbooks.template.typed import Typed, answer, asked_fields, pasted_rows, workbook_of

CAMPAIGN = small_campaign()
FORMS = CAMPAIGN.forms
VILLAGE = CAMPAIGN.villages[0].code


def filled(monkeypatch: pytest.MonkeyPatch, plot: str) -> tuple[bytes, Filling]:
    """A workbook as a clerk fills it, and what went into its cells."""
    seen: list[Filling] = []
    fill = workbooks.fill
    monkeypatch.setattr(
        workbooks, "fill", lambda template, filling: seen.append(filling) or fill(template, filling)
    )
    data = workbooks.fill_dossier(CAMPAIGN, VILLAGE, plot=plot, version=1, seed=7, rows=(12, 20))
    return data, seen[-1]


def as_typed(filling: Filling) -> Typed:
    """The same values as somebody types them."""

    def texts(answers: dict[str, object]) -> dict[str, str]:
        return {key: str(value) for key, value in answers.items() if value not in (None, "")}

    return Typed(
        claims={key: text for key, text in texts(dict(filling.claims)).items() if not key.endswith(":score")},
        survey=texts(dict(filling.survey)),
        recommendation=texts(dict(filling.recommendation)),
        roster=[texts(dict(row)) for row in filling.roster],
    )


@pytest.mark.parametrize("plot", ["good", "weak"])
def test_form_makes_byte_for_byte_the_workbook_that_the_filled_template_is(
    monkeypatch: pytest.MonkeyPatch, plot: str
) -> None:
    data, filling = filled(monkeypatch, plot)

    assert workbook_of(CAMPAIGN, VILLAGE, as_typed(filling)) == data


def test_pasted_roster_makes_the_same_workbook_with_titles_and_without(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data, filling = filled(monkeypatch, "good")
    whole = as_typed(filling)
    lines = ["\t".join(row.get(one.key, "") for one in FORMS.roster) for row in whole.roster]
    titles = "\t".join(one.title for one in FORMS.roster)

    for text in ("\n".join(lines), "\r\n".join([titles, *lines, "", "\t\t"])):
        rows = pasted_rows(FORMS, text)
        assert not isinstance(rows, Refused)
        made = workbook_of(CAMPAIGN, VILLAGE, Typed(whole.claims, whole.survey, whole.recommendation, rows))
        assert made == data


def test_pasted_columns_may_stand_in_any_order_and_lack_what_is_reckoned() -> None:
    titled = pasted_rows(FORMS, "身份证号\t姓名\t\n331199199003070019\t张三\t")
    bare = pasted_rows(FORMS, "12\t张三\t331199199003070019\t本村常住")

    assert titled == [{"id_number": "331199199003070019", "name": "张三"}]
    assert bare == [
        {"household": "12", "name": "张三", "id_number": "331199199003070019", "residence": "本村常住"}
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "pasted_nothing"),
        ("\t\t\n\n", "pasted_nothing"),
        ("姓名\t身份证号\t星座\n张三\t331199199003070019\t双子", "pasted_columns"),
        ("\t".join("x" * 60), "pasted_wide"),
        ("张三\n" * 5001, "pasted_many"),
        ('"张三\t331199199001011234\n' + "李四\t331199199001011234\n" * 6000, "pasted_quote"),
    ],
)
def test_paste_that_cannot_be_read_is_refused_whole(text: str, code: str) -> None:
    refused = pasted_rows(FORMS, text)

    assert isinstance(refused, Refused)
    assert refused.code == code


def test_cell_of_several_lines_is_one_cell() -> None:
    assert pasted_rows(FORMS, '姓名\t特殊情况说明\n张三\t"一\n二"') == [
        {"name": "张三", "explanation": "一 二"}
    ]


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("integer", "12", 12),
        ("number", "4.50", 4.5),
        ("integer", "十二", "十二"),
        ("date", "2020.11.10", date(2020, 11, 10)),
        ("date", "去年", "去年"),
        ("text", "0578", "0578"),
        ("id_number", "331199199003070019", "331199199003070019"),
    ],
)
def test_text_becomes_what_a_spreadsheet_takes_it_for(kind: str, text: str, expected: object) -> None:
    assert answer(kind, text) == expected


def test_page_does_not_ask_what_the_template_knows_reckons_or_has_stamped() -> None:
    survey = {one.key for one in asked_fields(FORMS, "survey")}
    recommendation = {one.key for one in asked_fields(FORMS, "recommendation")}

    assert {"village", "village_code", "employed", "stamp_village"}.isdisjoint(survey)
    assert {"town", "total", "opinion_town"}.isdisjoint(recommendation)
    assert {"households", "filled_on"} <= survey
    assert form.COMPUTED == "number"
