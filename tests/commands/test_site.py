"""``hqe site``: every page is there, and what one looks for in Chinese is found in a browser."""

from __future__ import annotations

import functools
import re
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import expect

from commands.terminal.site import lay_out
from config.places import ROOT
from tests.commands.conftest import Run
from tests.portal.test_browser import PATIENCE, chromium

__all__ = ["chromium"]

pytestmark = pytest.mark.programs


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        """A test says nothing of each file."""


@pytest.fixture
def served(run: Run, tmp_path: Path) -> Iterator[str]:
    """The address of the site of this checkout's documents."""
    done = run("site", "--to", tmp_path / "site")
    assert done.exit_code == 0, done.output
    handler = functools.partial(Quiet, directory=tmp_path / "site")
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_what_a_town_looks_for_is_found_and_nothing_comes_from_elsewhere(
    chromium: Chromium, served: str
) -> None:
    fetched: list[str] = []
    page = chromium.new_page(locale="zh-CN")
    page.set_default_timeout(PATIENCE)
    page.on("request", lambda request: fetched.append(request.url))

    page.goto(f"{served}/index.html")
    page.get_by_role("main").get_by_role("link", name="怎样报送", exact=True).click()
    expect(page.get_by_role("heading", name="乡镇(街道)怎样报送")).to_be_visible()
    page.locator(".md-search__button").click()
    expect(page.get_by_role("combobox")).to_be_focused()
    page.get_by_role("combobox").fill("申请延期")
    found = page.get_by_role("listbox").get_by_text("来不及怎么办")
    expect(found.first).to_be_visible()
    found.first.click()
    expect(page).to_have_url(re.compile(r"/guides/town\.zh\.html.*#"))
    page.close()

    assert [url for url in fetched if not url.startswith(served)] == []


def test_every_link_of_the_documents_leads_to_a_page_of_the_site(tmp_path: Path) -> None:
    readers = lay_out(ROOT, tmp_path)
    named = [
        page for reader in readers for pages in reader.values() for one in pages for page in one.values()
    ]

    assert len(readers) == 5
    assert "guides/town.zh.md" in named
    assert "project/README.zh.md" in named
    assert [page for page in named if not (tmp_path / page).is_file()] == []
    assert (tmp_path / "project/LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()


def test_folder_with_other_files_is_left_alone(run: Run, tmp_path: Path) -> None:
    kept = tmp_path / "mine" / "letter.txt"
    kept.parent.mkdir()
    kept.write_text("to be kept", encoding="utf-8")

    done = run("site", "--to", kept.parent)

    assert done.exit_code != 0
    assert "别的文件" in done.output
    assert kept.read_text(encoding="utf-8") == "to be kept"
