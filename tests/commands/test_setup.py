"""``hqe setup``: asked one after the other or given at once, kept in the state folder, read by every command."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from config.settings import SETTINGS
from config.settings_file import read_file
from deployments.prefect_server import server
from records.people import people
from records.store import Store
from rehearsal.mailbox import Postbox
from rules.campaign.campaign import Campaign
from tests.actions.conftest import local
from tests.commands.conftest import Run, set_clock

LINK = re.compile(r"(https?://\S+)/invitation/\S+")
HERE = "https://hqe.county.example.invalid"


@pytest.fixture(autouse=True)
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    for name in ("HQE_PORTAL_PORT", "HQE_PREFECT_PORT"):
        monkeypatch.setenv(name, str(server.free_port()))


@pytest.fixture
def postbox(tmp_path: Path) -> Postbox:
    return Postbox(tmp_path / "mails", script={"no@example.invalid": ["550 5.1.1 nobody here"]})


def test_setup_answered_by_hand_keeps_settings_sends_a_mail_copies_the_key_and_invites(
    run: Run, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, postbox: Postbox
) -> None:
    usb = tmp_path_factory.mktemp("usb")
    url = postbox.start()
    typed = [HERE + "/", url, "chen@example.invalid", str(usb), "陈静", "chen@example.invalid"]

    done = run("setup", typing="\n".join(typed) + "\n")

    assert done.exit_code == 0, done.output
    [copy] = usb.iterdir()
    assert read_file(tmp_path, SETTINGS) == {"HQE_PUBLIC_URL": HERE, "HQE_SMTP_URL": url}
    assert [mail.name for mail in (tmp_path / "mails").glob("*.eml")] != []
    assert copy.read_bytes() == (tmp_path / "secret.key").read_bytes()
    assert (copy.stat().st_mode & 0o777, LINK.findall(done.output)[0]) == (0o600, HERE)


def test_setup_for_scripts_asks_nothing_and_may_be_run_again(run: Run, tmp_path: Path) -> None:
    first = run("setup", "--yes", "--public-url", HERE, "--coordinator", "陈静", "chen@example.invalid")

    again = run("setup", "--yes")

    assert [first.exit_code, again.exit_code] == [0, 0], (first.output, again.output)
    assert read_file(tmp_path, SETTINGS) == {"HQE_PUBLIC_URL": HERE}
    assert LINK.findall(again.output) == [HERE, HERE]


def test_setup_with_every_question_left_empty_works_on_this_machine(run: Run, tmp_path: Path) -> None:
    done = run("setup", typing="\n\n\n\n")

    assert (done.exit_code, read_file(tmp_path, SETTINGS)) == (0, {})
    assert "还没有副本" in done.output


def test_setup_asks_again_where_a_value_cannot_be_used_and_refuses_a_script(run: Run, tmp_path: Path) -> None:
    asked = run("setup", typing=f"hqe.example.invalid\n{HERE}\nmail.example.invalid\n\n\n\n")
    given = run("setup", "--yes", "--smtp-url", "smtp://h")

    assert (asked.exit_code, read_file(tmp_path, SETTINGS)) == (0, {"HQE_PUBLIC_URL": HERE})
    assert asked.output.count("须形如") == 2
    assert (given.exit_code, "from=发件地址" in given.output) == (1, True)


def test_setup_says_what_the_mail_server_answered(run: Run, postbox: Postbox) -> None:
    done = run("setup", "--yes", "--smtp-url", postbox.start(), "--test-mail", "no@example.invalid")

    assert (done.exit_code, "没有发出,服务器答复:550 5.1.1 nobody here" in done.output) == (0, True)


@pytest.mark.parametrize("given", [("--plain-http",), ()])
def test_setup_without_tls_has_to_be_wanted(run: Run, tmp_path: Path, given: tuple[str, ...]) -> None:
    done = run("setup", "--yes", "--public-url", "http://10.0.0.5:8080", *given)

    kept = {
        "HQE_PUBLIC_URL": "http://10.0.0.5:8080",
        "HQE_PLAIN_HTTP": "1",
        "HQE_PORTAL_HOST": "0.0.0.0",
        "HQE_PORTAL_PORT": "8080",
    }
    assert read_file(tmp_path, SETTINGS) == (kept if given else {})
    assert done.exit_code == (0 if given else 1)


def test_setup_does_not_copy_the_key_beside_itself(run: Run, tmp_path: Path) -> None:
    done = run("setup", "--yes", "--key-copy", tmp_path / "copies")

    assert (done.exit_code, (tmp_path / "copies").exists()) == (1, False)


def test_campaign_opened_after_setup_brings_its_people_and_invites_by_the_whole_address(
    store: Store, campaign: Campaign, run: Run
) -> None:
    set_clock(store, local(campaign, 10, 19))
    (store.home / "settings.env").write_text(f"HQE_PUBLIC_URL={HERE}\n", encoding="utf-8")

    opened = run("campaign", "open", "longquan-2020")
    invited = run("people", "invite", "leader-1", "--by", "coordinator-1")

    assert (opened.exit_code, LINK.findall(opened.output), LINK.findall(invited.output)) == (
        0,
        [HERE] * 2,
        [HERE],
    )


def test_campaign_opened_after_a_first_coordinator_came_by_setup_opens_at_once(
    store: Store, campaign: Campaign, run: Run
) -> None:
    set_clock(store, local(campaign, 10, 19))
    with store.writing() as session:
        people.add(session, campaign.people[-1])

    assert run("campaign", "open", "longquan-2020").exit_code == 0
