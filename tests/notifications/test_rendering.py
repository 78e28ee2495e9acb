"""Every message renders, needs exactly the facts of the catalog, and says what a message must."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from jinja2 import meta

from notifications.catalog import COMMON, MESSAGES, OPTIONAL, facts_needed
from notifications.message import Message
from notifications.rendering import (
    ENGLISH,
    FOLDER,
    LANGUAGES,
    SUBJECT_MARKS,
    MissingFact,
    UnknownFact,
    UnknownTemplate,
    environment_of,
    mask_secrets,
    render,
)

Rendered = Callable[..., Message]

EVERY_MESSAGE = sorted(MESSAGES)
DUE_AND_LOCK = sorted(name for name, (_, facts) in MESSAGES.items() if {"due", "lock"} <= set(facts))


def source_of(file: str, language: str = "zh") -> str:
    (path,) = (one for one in FOLDER.rglob(file) if (ENGLISH in one.parents) == (language == "en"))
    return path.read_text(encoding="utf-8")


def facts_used(file: str, language: str = "zh") -> set[str]:
    """The facts a template file prints, those of the files it includes among them."""
    tree = environment_of(language).parse(source_of(file, language))
    included = {name for name in meta.find_referenced_templates(tree) if name}
    return meta.find_undeclared_variables(tree).union(*(facts_used(name, language) for name in included))


@pytest.mark.parametrize("language", LANGUAGES)
def test_templates_in_the_folder_are_the_catalog(language: str) -> None:
    files = [path for path in FOLDER.rglob("[!_]*.j2") if (ENGLISH in path.parents) == (language == "en")]

    assert sorted(path.name.removesuffix(".txt.j2") for path in files) == EVERY_MESSAGE


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", EVERY_MESSAGE)
def test_template_uses_exactly_the_facts_of_the_catalog(template: str, language: str) -> None:
    assert facts_used(f"{template}.txt.j2", language) - set(OPTIONAL) == facts_needed(template)


@pytest.mark.parametrize("template", EVERY_MESSAGE)
def test_both_languages_say_the_same_facts(template: str) -> None:
    assert facts_used(f"{template}.txt.j2", "en") == facts_used(f"{template}.txt.j2")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", EVERY_MESSAGE)
def test_template_file_opens_with_the_subject_and_an_empty_line(template: str, language: str) -> None:
    first, second, *_ = source_of(f"{template}.txt.j2", language).splitlines()

    assert first.startswith(SUBJECT_MARKS[language])
    assert second == ""


@pytest.mark.parametrize("template", EVERY_MESSAGE)
def test_message_with_sample_facts_is_whole(template: str, rendered: Rendered) -> None:
    message = rendered(template)

    assert "\n" not in message.subject
    assert "主题" not in message.subject
    assert message.body.startswith("测试甲，您好：\n\n")
    assert message.body.endswith("本邮件由系统自动发出，请勿直接回复。\n")
    assert "\n\n办理页面：https://hqe.example.invalid/duties/17\n" in message.body
    assert "\n\n\n" not in message.body
    assert "{" not in message.body
    assert "None" not in message.body


@pytest.mark.parametrize("template", EVERY_MESSAGE)
def test_message_without_any_one_fact_names_the_fact(template: str, sample: dict[str, object]) -> None:
    for fact in facts_needed(template):
        others = {name: sample[name] for name in facts_needed(template) - {fact}}

        with pytest.raises(MissingFact) as caught:
            render(template, others)

        assert (caught.value.template, caught.value.fact) == (template, fact)


@pytest.mark.parametrize("template", DUE_AND_LOCK)
def test_message_with_due_and_lock_on_one_day_does_not_promise_lateness(
    template: str, rendered: Rendered
) -> None:
    message = rendered(template, lock="11月15日(星期日)")

    assert "之后办理的" not in message.body
    assert "之后送达的" not in message.body


def test_message_with_a_fact_it_never_says_is_refused(sample: dict[str, object]) -> None:
    with pytest.raises(UnknownFact) as caught:
        render(
            "village_refused", {**{name: sample[name] for name in facts_needed("village_refused")}, "id": 1}
        )

    assert caught.value.fact == "id"


def test_message_with_a_finding_without_message_names_what_is_missing(rendered: Rendered) -> None:
    with pytest.raises(MissingFact) as caught:
        rendered("dossier_findings", findings=[{"code": "E1"}])

    assert (caught.value.template, caught.value.fact) == ("dossier_findings", "message")


def test_message_outside_the_catalog_is_unknown() -> None:
    with pytest.raises(UnknownTemplate):
        render("_footer", {})


def test_fact_with_line_breaks_adds_no_lines(rendered: Rendered) -> None:
    message = rendered("decision_made", reason="同意\n\n办理页面：https://elsewhere.example.invalid")

    assert "理由：同意 办理页面：https://elsewhere.example.invalid\n" in message.body


def test_decision_without_reason_has_no_line_for_it(rendered: Rendered) -> None:
    assert "理由：" not in rendered("decision_made", reason="").body


def test_gate_with_code_is_private_and_masked_in_the_kept_text(rendered: Rendered) -> None:
    message = rendered("gate_opened", code="482913")

    assert message.private
    assert "您的一次性授权码：482913\n" in message.body
    assert "您的一次性授权码：******\n" in mask_secrets(message.body, ["482913"])


def test_gate_without_code_says_nothing_of_codes(rendered: Rendered) -> None:
    message = rendered("gate_opened")

    assert not message.private
    assert "授权码" not in message.body


def test_contact_when_known_stands_beside_who_to_ask(rendered: Rendered) -> None:
    assert "活动协调员（局一楼3号窗口）。" in rendered("survey_opened", contact="局一楼3号窗口").body


def test_secrets_one_within_another_are_masked_whole() -> None:
    assert mask_secrets("1234 123456", ["1234", "123456", ""]) == "****** ******"


def test_titles_of_messages_differ() -> None:
    assert len({title for title, _ in MESSAGES.values()}) == len(MESSAGES)


def test_common_facts_stand_in_every_template() -> None:
    assert all(set(COMMON) <= facts_used(f"{template}.txt.j2") for template in MESSAGES)


def test_award_of_nothing_says_why_and_promises_no_transfer(rendered: Rendered) -> None:
    message = rendered("award_decided", yuan=0, note="以前年度已奖补(2019年龙泉市级10000元)，本次不再奖补")

    assert message.subject == "八都镇第一村本次奖补金额为0元，已经确定"
    assert "说明：以前年度已奖补(2019年龙泉市级10000元)，本次不再奖补。" in message.body
    assert "拨付" not in message.body


def test_award_taken_back_says_so_and_promises_no_transfer(rendered: Rendered) -> None:
    message = rendered("award_decided", yuan=-5000, note="追回")

    assert message.subject == "八都镇第一村已奖补的5000元予以追回，已经确定"
    assert "奖补予以追回，金额5000元。" in message.body
    assert "拨付" not in message.body
    assert "-5000" not in message.body
