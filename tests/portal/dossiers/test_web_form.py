"""A dossier typed on a page: kept, checked and handed in as its workbook, with the same fingerprint as from Excel."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable

import pytest

from portal.web.rendering import SAID
from records.store import Store
from records.tables.dossiers import FormDraftRow, UploadRow
from rehearsal.people import workbooks
from rules.campaign.campaign import Campaign
from tests.actions.conftest import CAMPAIGN_ID, judge, local
from tests.conftest import rows_of
from tests.portal.conftest import CLERK, Browser, Portal
from tests.workbooks.template.test_typed import as_typed
from workbooks.template.fill import Filling

NUMBER = "331199199003070019"


@pytest.fixture
def path(campaign: Campaign) -> str:
    return f"/campaigns/{CAMPAIGN_ID}/villages/{campaign.villages[0].code}/form"


@pytest.fixture
def clerk(portal: Portal, submitting: Store, at: Callable[[int, int], None], path: str) -> Browser:
    at(11, 2)
    browser = portal.as_(CLERK)
    browser.look(path)
    return browser


def whole_form(campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> tuple[bytes, dict[str, str]]:
    """A workbook filled in Excel, and the fields with the same values."""
    seen: list[Filling] = []
    fill = workbooks.fill
    monkeypatch.setattr(
        workbooks, "fill", lambda template, filling: seen.append(filling) or fill(template, filling)
    )
    village = campaign.villages[0].code
    data = workbooks.fill_dossier(campaign, village, plot="good", version=1, seed=7, rows=(12, 20))
    typed, columns = as_typed(seen[-1]), campaign.forms.roster
    lines = ["\t".join(one.title for one in columns)]
    lines += ["\t".join(row.get(one.key, "") for one in columns) for row in typed.roster]
    fields = {f"claim:{key}": text for key, text in typed.claims.items()}
    fields |= {f"survey:{key}": text for key, text in typed.survey.items()}
    fields |= {f"rec:{key}": text for key, text in typed.recommendation.items()}
    return data, {**fields, "paste": "\n".join(lines)}


def test_form_hands_in_what_the_same_values_in_excel_hand_in(
    portal: Portal, clerk: Browser, campaign: Campaign, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, fields = whole_form(campaign, monkeypatch)
    clerk.fill_in(path, {**fields, "act": "save"})
    assert "没有必须改正的问题" in clerk.look(path)

    done = clerk.fill_in(
        path, {**{key: text for key, text in fields.items() if key != "paste"}, "act": "hand_in"}
    )

    assert SAID["handed_in"] in done.text
    (upload,) = rows_of(portal.store, UploadRow)
    assert (upload.sha256, upload.filed_by) == (hashlib.sha256(data).hexdigest(), CLERK)
    assert rows_of(portal.store, FormDraftRow) == []
    judge(portal.store, upload, now=local(campaign, 11, 2, 11))
    assert rows_of(portal.store, UploadRow)[0].state == "accepted"


def test_draft_is_kept_sealed_and_checked_as_one_goes(portal: Portal, clerk: Browser, path: str) -> None:
    done = clerk.fill_in(
        path,
        {"act": "add", "survey:households": "七", "new:name": "张三", "new:id_number": NUMBER[:-1] + "8"},
    )

    assert SAID["draft_kept"] in done.text
    assert "处必须改正" in done.text
    assert "校验码" in done.text
    assert 'value="七"' in done.text
    assert NUMBER[:-1] not in done.text
    (draft,) = rows_of(portal.store, FormDraftRow)
    assert NUMBER[:10].encode() not in draft.sealed
    assert rows_of(portal.store, UploadRow) == []


def test_row_is_taken_back_changed_and_added_again(clerk: Browser, path: str) -> None:
    clerk.fill_in(path, {"paste": f"姓名\t身份证号\n张三\t{NUMBER}\n李四\t{NUMBER}", "act": "paste"})

    taken = clerk.fill_in(path, {"act": "take", "row": "4"})
    assert re.search(r'name="new:name" value="张三"', taken.text)
    assert "已有1人" in taken.text
    clerk.fill_in(path, {"act": "add", "new:name": "张三丰", "new:id_number": NUMBER})

    page = clerk.look(path)
    assert ("已有2人" in page, "张三丰" in page, "李四" in page) == (True, True, True)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"act": "take", "row": "99"}, "没有这一行"),
        ({"act": "take", "row": "²"}, "没有这一行"),
        ({"act": "add"}, "什么都没有填"),
        ({"act": "paste", "paste": "姓名\t身份证号\t星座\n张三\t1\t双子"}, "花名册没有的列“星座”"),
    ],
)
def test_what_cannot_be_read_is_said_and_loses_nothing_that_was_typed(
    portal: Portal, clerk: Browser, path: str, sent: dict[str, str], said: str
) -> None:
    answer = clerk.fill_in(path, {"survey:households": "120", **sent})

    assert (answer.status_code, said in answer.text, 'value="120"' in answer.text) == (422, True, True)


def test_draft_with_mistakes_stays_after_handing_in(portal: Portal, clerk: Browser, path: str) -> None:
    done = clerk.fill_in(path, {"act": "hand_in", "survey:households": "120"})

    assert SAID["handed_in"] in done.text
    assert len(rows_of(portal.store, UploadRow)) == len(rows_of(portal.store, FormDraftRow)) == 1


def test_draft_is_only_its_own_persons(portal: Portal, clerk: Browser, path: str) -> None:
    clerk.fill_in(path, {"act": "save", "survey:households": "120"})

    assert 'value="120"' not in portal.as_("head-331181100").look(path)


def test_village_leads_to_the_form(clerk: Browser, path: str) -> None:
    assert f'href="{path}"' in clerk.look(path.removesuffix("/form"))
