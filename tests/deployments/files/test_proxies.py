"""The recipes for a TLS proxy, each tried with the real program before a real portal."""

from __future__ import annotations

import re
import shutil
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from actions.people import invitations
from actions.people.invitations import Invitation
from config.places import ROOT
from config.settings import read_settings
from deployments.doctor.public_link import where_it_leads_instead
from deployments.prefect_server.server import free_port
from portal.web.security import UPLOAD_BYTES, VISIT_BYTES
from records import clock
from records.store import Store
from records.tables.dossiers import UploadRow
from rehearsal.bench.portal_process import serving, until_answered
from tests.actions.conftest import (
    CAMPAIGN_ID,
    campaign,
    dossier_of,
    local,
    opened,
    small_campaign,
    submitting,
)
from tests.conftest import missing_service, rows_of
from tests.portal.conftest import Portal
from tests.portal.test_browser import Chromium, chromium
from tests.portal_process import make_house
from tests.prefect_server import serving as prefect_serving

pytestmark = pytest.mark.programs

__all__ = ["campaign", "chromium", "opened", "submitting"]

RECIPES = ROOT / "deployments" / "files"
PORTAL, PREFECT, OFFICE = "hqe.example.invalid", "prefect.hqe.example.invalid", "192.0.2.0/24"
CLERK, PASSWORD = "clerk-331181100", "溪水绕山 2020 秋"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = make_house(tmp_path)
    yield made
    made.close()


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for localhost that only this test trusts; its key lies beside it."""
    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "t")]),
    )
    names = [
        x509.DNSName("localhost"),
        x509.DNSName("other.localhost"),
        x509.IPAddress(ip_address("127.0.0.1")),
    ]
    now = clock.host_now()
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1)).add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    (tmp_path / "tls.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (tmp_path / "tls.key").write_bytes(private)
    return tmp_path / "tls.pem"


def caddy(folder: Path, certificate: Path, ports: dict[str, int]) -> list[str]:
    """The recipe with this machine's names, ports and certificate in it."""
    tls = f"tls {certificate} {certificate.with_suffix('.key')}"
    recipe = (RECIPES / "Caddyfile").read_text(encoding="utf-8")
    for name, ours in ((PREFECT, "other.localhost"), (PORTAL, "localhost")):
        recipe = recipe.replace(f"\n{name} {{", f"\nhttps://{ours}:{ports['tls']} {{\n\t{tls}")
    recipe = recipe.replace("127.0.0.1:4280", f"127.0.0.1:{ports['portal']}")
    options = [
        "admin off", f"http_port {ports['plain']}", f"storage file_system {folder}",
        "auto_https disable_redirects",
    ]  # fmt: skip
    assert "\n{\n\tservers {" in recipe
    recipe = recipe.replace("\n{\n\tservers {", "\n{\n" + "\n".join(options) + "\n\tservers {", 1)
    (folder / "Caddyfile").write_text(recipe, encoding="utf-8")
    return ["caddy", "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]


def nginx(folder: Path, certificate: Path, ports: dict[str, int]) -> list[str]:
    recipe = (RECIPES / "nginx.conf").read_text(encoding="utf-8")
    for theirs, ours in (
        ("listen 443 ssl", f"listen 127.0.0.1:{ports['tls']} ssl"),
        ("listen 80", f"listen 127.0.0.1:{ports['plain']}"),
        (PREFECT, "other.localhost"),
        (PORTAL, "localhost"),
        ("/etc/hqe/tls/certificate.pem", str(certificate)),
        ("/etc/hqe/tls/key.pem", str(certificate.with_suffix(".key"))),
        ("127.0.0.1:4280", f"127.0.0.1:{ports['portal']}"),
    ):
        assert theirs in recipe
        recipe = recipe.replace(theirs, ours)
    folders = "".join(
        f"{kind}_temp_path {folder / kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    # One process of this user's own: the system's nginx is another matter.
    frame = f"daemon off; master_process off; pid {folder / 'pid'}; error_log stderr;\nevents {{}}\nhttp {{\n{folders}"
    (folder / "all.conf").write_text(f"{frame}{recipe}}}\n", encoding="utf-8")
    return ["nginx", "-p", str(folder), "-e", "stderr", "-c", str(folder / "all.conf")]


def from_this_machine(command: list[str]) -> list[str]:
    """The same recipe for an office that is this machine."""
    file = next(Path(one) for one in command if one.endswith(("Caddyfile", "all.conf")))
    text = file.read_text(encoding="utf-8")
    assert OFFICE in text
    here = "127.0.0.0/8 ::1" if file.name == "Caddyfile" else "127.0.0.0/8"
    file.write_text(text.replace(OFFICE, here), encoding="utf-8")
    return command


def trust_in(certificate: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=certificate)


PROXIES = {"caddy": caddy, "nginx": nginx}


@contextmanager
def proxied(name: str, certificate: Path, ports: dict[str, int], *, near: bool = False) -> Iterator[str]:
    """The proxy's public address, once it answers."""
    if shutil.which(name) is None:
        missing_service(f"no {name} on this machine")
    folder = certificate.parent / name
    folder.mkdir()
    command = PROXIES[name](folder, certificate, ports)
    command = from_this_machine(command) if near else command
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)
    try:
        until_answered(f"https://localhost:{ports['tls']}/healthz", process, trusting=trust_in(certificate))
        yield f"https://localhost:{ports['tls']}"
    finally:
        process.terminate()
        process.wait(30)


class Town(httpx.Client):
    """A town's browser: trusts the test's certificate, fills in the forms that it sees."""

    def send_form(self, path: str, page: httpx.Response, *, origin: str, **more: object) -> httpx.Response:
        token = re.search(r'name="form_token" value="(\w+)"', page.text)
        assert token is not None, page.text
        data = {"form_token": token[1], **more.pop("data", {})}  # type: ignore[dict-item]
        return self.post(path, data=data, headers={"Origin": origin}, **more)  # type: ignore[arg-type]


@pytest.fixture
def ports() -> dict[str, int]:
    return {name: free_port() for name in ("tls", "plain", "portal", "prefect")}


@pytest.mark.parametrize("prefix", ["", "/hqe"])
@pytest.mark.parametrize("name", PROXIES)
def test_town_works_through_the_proxy(
    store: Store, submitting: Store, certificate: Path, ports: dict[str, int], name: str, prefix: str
) -> None:
    village = small_campaign().villages[0].code
    clock.simulate(store, local(small_campaign(), 11, 2))
    now = clock.host_now()
    invited = invitations.invite(store, person_id=CLERK, by="system", now=now, host_now=now)
    assert isinstance(invited, Invitation)
    public = f"https://localhost:{ports['tls']}{prefix}"
    trusting = trust_in(certificate)

    with (
        serving(certificate.parent, port=ports["portal"], HQE_PUBLIC_URL=public),
        proxied(name, certificate, ports) as origin,
        Town(base_url=public, verify=trusting, follow_redirects=True, timeout=60) as town,
    ):
        page = town.get(invited.link(""))
        landed = town.send_form(
            invited.link(""), page, origin=origin, data={"password": PASSWORD, "again": PASSWORD}
        )
        cookie = landed.history[0].headers["set-cookie"]
        here = f"/campaigns/{CAMPAIGN_ID}/villages/{village}"
        page = town.get(here)
        file = {"dossier": ("材料.xlsx", dossier_of(village))}
        forged = town.send_form(f"{here}/uploads", page, origin="https://evil.example.invalid", files=file)
        handed_in = town.send_form(f"{here}/uploads", page, origin=origin, files=file)
        large = {"dossier": ("材料.xlsx", b"PK\x03\x04" + bytes(17 * 2**20))}
        too_large = town.send_form(f"{here}/uploads", page, origin=origin, files=large)
        watched = town.get("/metrics")
        believed = town.get("/login", headers={"X-Forwarded-Proto": "http", "X-Forwarded-For": "127.0.0.1"})

    assert cookie.startswith("__Host-hqe=")
    assert "; secure" in cookie.lower()
    assert landed.headers["strict-transport-security"] == "max-age=31536000"
    assert str(landed.url).startswith(f"{public}/campaigns/")
    assert (forged.status_code, handed_in.status_code) == (403, 200)
    assert "已收件" in handed_in.text
    assert [row.filed_by for row in rows_of(store, UploadRow)] == [CLERK]
    assert (too_large.status_code, "15 MB" in too_large.text) == (413, True)
    assert watched.status_code == 404
    assert believed.headers["strict-transport-security"] == "max-age=31536000"


class Sink(BaseHTTPRequestHandler):
    """Takes whatever comes."""

    def do_GET(self) -> None:
        self.do_POST()

    def do_POST(self) -> None:
        left = int(self.headers.get("Content-Length", "0"))
        while left > 0 and (piece := self.rfile.read(min(left, 2**16))):
            left -= len(piece)
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def sinking(port: int) -> Iterator[None]:
    with ThreadingHTTPServer(("127.0.0.1", port), Sink) as sink:
        thread = threading.Thread(target=sink.serve_forever)
        thread.start()
        try:
            yield
        finally:
            sink.shutdown()
            thread.join()


@pytest.mark.parametrize("name", PROXIES)
def test_proxy_lets_through_as_much_as_the_portal_takes(
    certificate: Path, ports: dict[str, int], name: str
) -> None:
    here = f"/campaigns/{CAMPAIGN_ID}/villages/{small_campaign().villages[0].code}"
    sent = {}
    with (
        sinking(ports["portal"]),
        proxied(name, certificate, ports) as origin,
        httpx.Client(base_url=origin, verify=trust_in(certificate), timeout=60) as browser,
    ):
        for path, most in ((f"{here}/visit", VISIT_BYTES), (f"{here}/uploads", UPLOAD_BYTES)):
            sent[path] = [browser.post(path, content=bytes(most + more)) for more in (0, 2**21)]

    statuses = [one.status_code for pair in sent.values() for one in pair]
    # Caddy hands a body on as it comes and only breaks off: the sentence is the portal's then.
    assert statuses in ([204, 413, 204, 413], [204, 502, 204, 502])
    if name == "nginx":
        told = [pair[1].text for pair in sent.values()]
        assert ("照片合计超过64 MB" in told[0], "文件超过15 MB" in told[1]) == (True, True)


ELSEWHERE = re.compile(
    r"(Connecting to '|Fetch API cannot load )https://[a-z0-9.-]+\.(amplitude\.com|prefect\.io)/"
)
"""What the UI tells its makers, whatever one switches off: the policy keeps it here."""
PAGES = ("/dashboard", "/runs", "/flows", "/deployments", "/work-pools")


@pytest.mark.parametrize("name", PROXIES)
def test_machine_room_works_under_a_policy_that_lets_nothing_in(
    store: Store,
    submitting: Store,
    chromium: Chromium,
    certificate: Path,
    ports: dict[str, int],
    name: str,
) -> None:
    told, home = list[str](), certificate.parent
    public, room = (f"https://{host}:{ports['tls']}" for host in ("localhost", "other.localhost"))
    token = Portal(store, home).as_("coordinator-1").cookies["__Host-hqe"]
    settings = {"HQE_PUBLIC_URL": public, "HQE_PREFECT_URL": room, "HQE_PREFECT_PORT": str(ports["prefect"])}
    with (
        prefect_serving(home, port=ports["prefect"]),
        serving(home, port=ports["portal"], **settings),
        proxied(name, certificate, ports, near=True),
    ):
        context = chromium.new_context(ignore_https_errors=True)
        context.add_cookies([{"name": "__Host-hqe", "value": token, "url": f"{public}/", "secure": True}])
        page = context.new_page()
        page.on("console", lambda said: told.append(said.text))
        page.on("pageerror", lambda said: told.append(str(said)))
        answer = page.goto(f"{room}/")
        for path in PAGES:
            page.goto(f"{room}{path}", wait_until="networkidle")
        shown = page.locator("body").inner_text()

    assert answer is not None
    policy = answer.headers["content-security-policy"]
    assert ("default-src 'self'" in policy, "frame-ancestors 'none'" in policy) == (True, True)
    assert [one for one in told if "violates" in one and not ELSEWHERE.match(one)] == []
    assert "Work Pools" in shown


@pytest.mark.parametrize("name", PROXIES)
def test_machine_room_is_closed_outside_the_office(
    store: Store, certificate: Path, ports: dict[str, int], name: str
) -> None:
    trusting = trust_in(certificate)
    with serving(certificate.parent, port=ports["portal"]), proxied(name, certificate, ports):
        there = {"sni_hostname": "other.localhost"}
        with httpx.Client(verify=trusting, headers={"Host": f"other.localhost:{ports['tls']}"}) as desk:
            try:
                status = desk.get(f"https://127.0.0.1:{ports['tls']}/", extensions=there).status_code
            except httpx.RemoteProtocolError:
                status = 0  # hung up without a word

    assert status in (0, 403)


def test_public_address_that_leads_here_needs_no_word_and_others_get_one(
    store: Store, certificate: Path, ports: dict[str, int], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def said(url: str, *, port: int = ports["portal"]) -> str:
        return where_it_leads_instead(read_settings({"HQE_PUBLIC_URL": url, "HQE_PORTAL_PORT": str(port)}))

    public = f"https://localhost:{ports['tls']}"
    with serving(tmp_path, port=ports["portal"]) as (_, local_), proxied("nginx", certificate, ports):
        untrusted = said(public)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        here, below = said(public), said(f"{public}/login")
        nowhere, nobody = said(f"http://127.0.0.1:{free_port()}"), said("https://no-such-host.invalid")
        with serving(tmp_path) as (_, other):
            another = said(other)
        unset, away = said(""), said(public, port=free_port())

    assert (here, unset, away) == ("", "", "")
    assert "证书不受信任" in untrusted
    assert "应答404" in below
    assert "连接不上" in nowhere
    assert "解析不到" in nobody
    assert "另一处正在运行的本系统" in another
    assert local_ not in another
