"""What differs between machines: folders, databases, mail and addresses, from an environment and the state folder."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit

from config.log import LOG_FORMATS
from config.mistakes import SettingsMistake
from config.settings_file import laid_over, path_of, read_file
from rules.entries import read_whole
from rules.people.proposals import USUAL_DAYS

BUSINESS_DATABASES = ("sqlite:///", "postgresql+psycopg://")
PREFECT_DATABASES = ("sqlite+aiosqlite:///", "postgresql+asyncpg://")
MAIL_SCHEMES = ("smtp", "smtps")
WEB_SCHEMES = ("http", "https")
PREFECT_PORT = 4242
PORTAL_PORT = 4280
HIGHEST_PORT = 65_535
MOST_PROPOSAL_DAYS = 60
USUAL_DRILL_DAYS, MOST_DRILL_DAYS = 92, 400
"""A drill each quarter, unless the installation says otherwise."""
MOST_PROOF_MINUTES = 60
OFFICES = 2
CHANNEL_NAME = re.compile(r"[\w-]{1,20}")
MAILBOX = re.compile(r"[^@\s,]+@[^@\s,]+\.[^@\s,]+")


@dataclass(frozen=True, slots=True)
class Settings:
    """One installation. ``smtp_url`` and ``public_url`` are empty when not set; paths are absolute."""

    home: Path
    database_url: str
    smtp_url: str
    prefect_database_url: str
    public_url: str
    key_file: Path
    prefect_port: int
    prefect_url: str
    """Where a browser opens the Prefect UI, which the portal shows; empty: only on this machine."""
    portal_host: str
    portal_port: int
    font: str
    """The file of a Chinese font for papers; empty: one of those that machines usually have."""
    plain_http: bool
    """The operator says that the office network may see passwords pass by: cookies work without TLS."""
    proxies: tuple[str, ...]
    """Addresses and networks whose word on the client and TLS is taken: the proxy's."""
    metrics_token: str
    """Lets a watcher on another machine read ``/metrics``; empty: only this machine."""
    log_format: str
    proposal_days: int
    """How long a change of somebody who decides waits for a second person."""
    proof_minutes: int
    """How long password or code count as just given, before what changes accounts asks for them again."""
    second_factor_for_all: bool
    """Towns too need a one-time password; otherwise it is theirs to choose."""
    audit_head_to: tuple[str, ...]
    """Addresses of offices that get the head of the audit log each day; empty: nobody does."""
    audit_export: str
    """Where every entry of the audit log goes besides (``file:///path``, ``syslog://host:port``); empty: nowhere."""
    clamd: str
    """Where ClamAV's daemon listens (``unix:///path``, ``tcp://host:port``); empty: files are not scanned."""

    offsite: str = ""
    """The folder, mounted from another place, into which backups go besides; empty: none."""
    drill_days: int = USUAL_DRILL_DAYS
    """How long after a restore drill the next one is due, where there is an off-site folder."""
    contact: str = ""
    """Whom a reader of a mail may call: name, telephone, hours, room, on one line; empty: nobody is named."""
    channels: tuple[tuple[str, str], ...] = ()
    """(name, Apprise URL) of what people may choose besides mail; a URL holds a secret."""
    reply_to: str = ""
    """The mailbox in which somebody reads answers to mails; empty: mails ask not to be answered."""

    @property
    def portal_url(self) -> str:
        """Where people open the portal; without a public address the one at which it listens."""
        return self.public_url or f"http://{self.portal_host}:{self.portal_port}"

    @property
    def machine_room(self) -> str:
        """Where the portal shows the Prefect UI: a name of its own, which no page of the portal shares. Without an
        address from outside one that every browser looks for on its own machine."""
        return self.prefect_url or f"http://prefect.localhost:{self.portal_port}"

    @property
    def prefix(self) -> str:
        """The path of the public address, below which the portal lies; empty when it has its host to itself."""
        return urlsplit(self.public_url).path

    def environment(self) -> dict[str, str]:
        """The same as HQE_ variables, for a child process that works on the business."""
        return {
            "HQE_HOME": str(self.home),
            "HQE_DATABASE_URL": self.database_url,
            "HQE_SMTP_URL": self.smtp_url,
            "HQE_PUBLIC_URL": self.public_url,
            "HQE_KEY_FILE": str(self.key_file),
            "HQE_PREFECT_URL": self.prefect_url,
            "HQE_PORTAL_HOST": self.portal_host,
            "HQE_PORTAL_PORT": str(self.portal_port),
            "HQE_FONT": self.font,
            "HQE_PLAIN_HTTP": "1" if self.plain_http else "",
            "HQE_PROXIES": ",".join(self.proxies),
            "HQE_METRICS_TOKEN": self.metrics_token,
            "HQE_LOG_FORMAT": self.log_format,
            "HQE_PROPOSAL_DAYS": str(self.proposal_days),
            "HQE_PROOF_MINUTES": str(self.proof_minutes),
            "HQE_SECOND_FACTOR_FOR_ALL": "1" if self.second_factor_for_all else "",
            "HQE_AUDIT_HEAD_TO": ",".join(self.audit_head_to),
            "HQE_AUDIT_TO": self.audit_export,
            "HQE_CLAMD": self.clamd,
            "HQE_OFFSITE": self.offsite,
            "HQE_DRILL_DAYS": str(self.drill_days),
            "HQE_CONTACT": self.contact,
            "HQE_REPLY_TO": self.reply_to,
            "HQE_CHANNELS": " ".join(f"{name}={url}" for name, url in self.channels),
        }


SETTINGS = (
    "HQE_DATABASE_URL", "HQE_SMTP_URL", "HQE_PREFECT_DATABASE_URL", "HQE_PUBLIC_URL", "HQE_KEY_FILE",
    "HQE_PREFECT_PORT", "HQE_PREFECT_URL", "HQE_PORTAL_HOST", "HQE_PORTAL_PORT", "HQE_FONT", "HQE_PLAIN_HTTP",
    "HQE_PROXIES", "HQE_METRICS_TOKEN", "HQE_LOG_FORMAT", "HQE_PROPOSAL_DAYS", "HQE_AUDIT_HEAD_TO", "HQE_CLAMD",
    "HQE_AUDIT_TO", "HQE_PROOF_MINUTES", "HQE_SECOND_FACTOR_FOR_ALL",
    "HQE_CONTACT", "HQE_REPLY_TO", "HQE_OFFSITE", "HQE_DRILL_DAYS", "HQE_CHANNELS",
)  # fmt: skip
"""What the file in the state folder may set: everything but where that folder is."""


def read_settings(env: Mapping[str, str]) -> Settings:
    """Settings from the HQE_ variables of ``env``, below them from the file in the state folder.

    Raises ``SettingsMistake`` for a bad value.
    """
    home = read_home(env)
    kept = read_file(home, SETTINGS)
    try:
        return settings_from(laid_over(env, kept), home)
    except SettingsMistake as error:
        if error.variable in kept and not given(env, error.variable):
            raise SettingsMistake(error.variable, error.allowed, where=str(path_of(home))) from error
        raise


def settings_from(env: Mapping[str, str], home: Path) -> Settings:
    return Settings(
        home=home,
        database_url=read_database(
            env, "HQE_DATABASE_URL", BUSINESS_DATABASES, default=f"sqlite:///{home / 'hqe.db'}"
        ),
        smtp_url=read_address(env, "HQE_SMTP_URL", MAIL_SCHEMES),
        prefect_database_url=read_database(
            env,
            "HQE_PREFECT_DATABASE_URL",
            PREFECT_DATABASES,
            default=f"sqlite+aiosqlite:///{home / 'prefect' / 'prefect.db'}",
        ),
        public_url=read_address(env, "HQE_PUBLIC_URL", WEB_SCHEMES).rstrip("/"),
        key_file=Path(given(env, "HQE_KEY_FILE") or home / "secret.key").absolute(),
        prefect_port=read_port(env, "HQE_PREFECT_PORT", default=PREFECT_PORT),
        prefect_url=read_prefect_address(env),
        portal_host=given(env, "HQE_PORTAL_HOST") or "127.0.0.1",
        portal_port=read_port(env, "HQE_PORTAL_PORT", default=PORTAL_PORT),
        font=given(env, "HQE_FONT"),
        plain_http=given(env, "HQE_PLAIN_HTTP") == "1",
        proxies=read_networks(env, "HQE_PROXIES", default="127.0.0.1"),
        metrics_token=given(env, "HQE_METRICS_TOKEN"),
        log_format=read_choice(env, "HQE_LOG_FORMAT", LOG_FORMATS),
        proposal_days=read_number(env, "HQE_PROPOSAL_DAYS", default=USUAL_DAYS, most=MOST_PROPOSAL_DAYS),
        proof_minutes=read_number(env, "HQE_PROOF_MINUTES", default=15, most=MOST_PROOF_MINUTES),
        second_factor_for_all=given(env, "HQE_SECOND_FACTOR_FOR_ALL") == "1",
        audit_head_to=read_offices(env, "HQE_AUDIT_HEAD_TO"),
        audit_export=read_export(env, "HQE_AUDIT_TO"),
        clamd=read_scanner(env, "HQE_CLAMD"),
        offsite=read_folder(env, "HQE_OFFSITE"),
        drill_days=read_number(env, "HQE_DRILL_DAYS", default=USUAL_DRILL_DAYS, most=MOST_DRILL_DAYS),
        contact=" ".join(given(env, "HQE_CONTACT").split()),
        reply_to=read_mailbox(env, "HQE_REPLY_TO"),
        channels=read_channels(env, "HQE_CHANNELS"),
    )


def given(env: Mapping[str, str], variable: str) -> str:
    return env.get(variable, "").strip()


def read_home(env: Mapping[str, str]) -> Path:
    home = Path(given(env, "HQE_HOME") or "var").expanduser().absolute()
    if home.exists() and not home.is_dir():
        raise SettingsMistake("HQE_HOME", "须为文件夹路径")
    return home


def read_database(env: Mapping[str, str], variable: str, schemes: tuple[str, ...], *, default: str) -> str:
    url = given(env, variable) or default
    if not any(url.startswith(scheme) and len(url) > len(scheme) for scheme in schemes):
        raise SettingsMistake(variable, f"须以 {' 或 '.join(schemes)} 开头,后接文件或主机")
    return with_absolute_file(url)


def read_port(env: Mapping[str, str], variable: str, *, default: int) -> int:
    text = given(env, variable) or str(default)
    port = read_whole(text)
    if port is None or not 0 < port <= HIGHEST_PORT:
        raise SettingsMistake(variable, f"须为 1 至 {HIGHEST_PORT} 的端口号")
    return port


def read_number(env: Mapping[str, str], variable: str, *, default: int, most: int) -> int:
    text = given(env, variable) or str(default)
    number = read_whole(text)
    if number is None or not 0 < number <= most:
        raise SettingsMistake(variable, f"须为 1 至 {most} 的整数")
    return number


def read_choice(env: Mapping[str, str], variable: str, choices: tuple[str, ...]) -> str:
    """One of ``choices``, the first when nothing is said."""
    text = given(env, variable) or choices[0]
    if text not in choices:
        raise SettingsMistake(variable, f"只能是 {' 或 '.join(choices)}")
    return text


def read_networks(env: Mapping[str, str], variable: str, *, default: str) -> tuple[str, ...]:
    """Addresses and networks (CIDR), separated by commas."""
    listed = [one.strip() for one in (given(env, variable) or default).split(",")]
    for one in listed:
        try:
            ip_network(one, strict=False)
        except ValueError as error:
            raise SettingsMistake(variable, "须为逗号分隔的地址或网段，如 127.0.0.1,10.0.0.0/8") from error
    return tuple(listed)


def read_export(env: Mapping[str, str], variable: str) -> str:
    """An absolute file, or a syslog server."""
    text = given(env, variable)
    parts = urlsplit(text)
    fits = {"file": bool(parts.path) and not parts.netloc, "syslog": bool(parts.hostname), "": not text}
    if not fits.get(parts.scheme, False):
        raise SettingsMistake(variable, "须为 file:///文件 或 syslog://主机:514")
    return text


def read_folder(env: Mapping[str, str], variable: str) -> str:
    """An absolute folder, which may be away just now; empty when the variable is not set."""
    text = given(env, variable)
    if text and not Path(text).expanduser().is_absolute():
        raise SettingsMistake(variable, "须为文件夹的完整路径，如 /mnt/offsite/hqe")
    return str(Path(text).expanduser()) if text else ""


def read_offices(env: Mapping[str, str], variable: str) -> tuple[str, ...]:
    """Mail addresses of at least two offices, separated by commas: one office alone could lose or change its mails."""
    listed = tuple(dict.fromkeys(one.strip() for one in given(env, variable).split(",") if one.strip()))
    if listed and (len(listed) < OFFICES or not all(MAILBOX.fullmatch(one) for one in listed)):
        raise SettingsMistake(variable, "须为逗号分隔的邮箱，至少两个不同的办公室各一个")
    return listed


def read_channels(env: Mapping[str, str], variable: str) -> tuple[tuple[str, str], ...]:
    """``name=URL``, several with blanks between them; a mistake is told without the URL, which holds a secret."""
    found: dict[str, str] = {}
    for number, one in enumerate(given(env, variable).split(), 1):
        name, _, url = one.partition("=")
        if not CHANNEL_NAME.fullmatch(name) or "://" not in url or name in found:
            allowed = "每项须形如 名称=dingtalk://密钥@令牌，名称不超过20个字、各不相同，各项之间用空格分开"
            raise SettingsMistake(variable, f"第{number}项：{allowed}")
        found[name] = url
    return tuple(found.items())


def read_mailbox(env: Mapping[str, str], variable: str) -> str:
    """One mail address; empty when the variable is not set."""
    address = given(env, variable)
    if address and not MAILBOX.fullmatch(address):
        raise SettingsMistake(variable, "须为一个邮箱地址，如 office@county.example.invalid")
    return address


def read_scanner(env: Mapping[str, str], variable: str) -> str:
    """A local socket or a host with its port; empty when the variable is not set."""
    url = given(env, variable)
    local = url.startswith("unix:///") and len(url) > len("unix:///")
    if url and not local and not (is_address(url, ("tcp",)) and urlsplit(url).port):
        raise SettingsMistake(variable, "须形如 unix:///run/clamav/clamd.ctl 或 tcp://主机:3310")
    return url


def with_absolute_file(url: str) -> str:
    """``sqlite:///var/hqe.db`` means a file below the working folder: name it in full."""
    scheme, _, file = url.partition(":///")
    if not scheme.startswith("sqlite") or not file or file.startswith((":memory:", "file:")):
        return url
    return f"{scheme}:///{Path(file).expanduser().absolute()}"


def read_address(env: Mapping[str, str], variable: str, schemes: tuple[str, ...]) -> str:
    """A URL with a host, or empty when the variable is not set; the value may hold a password."""
    url = given(env, variable)
    if url and not is_address(url, schemes):
        raise SettingsMistake(variable, f"须形如 {schemes[0]}://主机:端口,协议可用 {'、'.join(schemes)}")
    return url


def read_prefect_address(env: Mapping[str, str]) -> str:
    """A name of its own: below the portal's the portal itself could not be reached, nor be kept from its pages."""
    address, public = (
        read_address(env, name, WEB_SCHEMES).rstrip("/") for name in ("HQE_PREFECT_URL", "HQE_PUBLIC_URL")
    )
    if address and urlsplit(address).hostname == urlsplit(public).hostname:
        raise SettingsMistake("HQE_PREFECT_URL", "须与 HQE_PUBLIC_URL 用不同的主机名")
    return address


def is_address(url: str, schemes: tuple[str, ...]) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
