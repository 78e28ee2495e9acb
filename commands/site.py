"""``hqe site``: the documents as a site with search, in Chinese too."""

from __future__ import annotations

import functools
import http.server
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import click

from commands.terminal.output import refuse
from commands.terminal.site import Readers, lay_out

BUILDER = "zensical"
NO_BUILDER = (
    "这里没有安装生成网站所用的程序；请用 ./hqe site 运行，它会按 requirements-site.lock 安装(需要联网一次)。"
)


@click.command()
@click.option(
    "--to",
    "target",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("site"),
    show_default=True,
    help="The folder to write; whatever site stood there is replaced.",
)
@click.option(
    "--serve", "port", type=click.IntRange(0, 65535), help="Serve it on this port, 0 for a free one."
)
def site(target: Path, port: int | None) -> None:
    """Build the documents into a site with search, for any web server or to look at here.

    文档网站：把全部文档生成可搜索(含中文)的网页；放到任何网页服务器上，或加 --serve 0 在本机浏览器查看。
    """
    from config.places import ROOT

    if target.exists() and any(target.iterdir()) and not (target / "search.json").is_file():
        refuse(f"{target} 里有别的文件，不是以前生成的网站；请换一个文件夹，或先移走这些文件。")
    with tempfile.TemporaryDirectory() as place:
        built = _built(ROOT, Path(place))
        shutil.rmtree(target, ignore_errors=True)
        shutil.move(built, target)
    click.echo(f"已写入 {target}({sum(1 for _ in target.rglob('*.html'))} 页)，首页 index.html。")
    if port is not None:
        _serve(target, port)


def _built(root: Path, place: Path) -> Path:
    """The site of the documents of ``root``, built below ``place``."""
    readers = lay_out(root, place / "pages")
    (place / "mkdocs.yml").write_text(json.dumps(_settings(readers), ensure_ascii=False), encoding="utf-8")
    build = [sys.executable, "-m", BUILDER, "build", "--strict", "--clean"]
    try:
        done = subprocess.run(build, cwd=place, capture_output=True, text=True, check=False)
    except OSError as error:
        refuse(f"{BUILDER}: {error.strerror}")
    if f"No module named {BUILDER}" in done.stderr:
        refuse(NO_BUILDER)
    if done.returncode:
        refuse(f"网站没有生成：\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return place / "site"


def _settings(readers: Readers) -> dict[str, object]:
    """What the builder is told; nothing is fetched from elsewhere when a page is read."""
    return {
        "site_name": "高质量就业社区(村)建设活动",
        "docs_dir": "pages",
        "use_directory_urls": False,
        "nav": [{"文档": "README.md"}, *readers],
        "theme": {
            "name": "material",
            "language": "zh",
            "font": False,
            "features": ["navigation.top", "search.highlight", "content.code.copy"],
        },
        "plugins": ["search"],
    }


def _serve(folder: Path, port: int) -> None:
    """Show the site to this machine's browser until interrupted."""
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=folder)
    try:
        server = http.server.ThreadingHTTPServer(("127.0.0.1", port), handler)
    except OSError as error:
        refuse(f"端口 {port} 不能用（{error.strerror}）；请换一个，或写 --serve 0。")
    with server:
        click.echo(f"http://127.0.0.1:{server.server_port}/  按 Ctrl-C 结束。")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            click.echo("")
