"""Passwords travel through TLS only, and a refused login is no fault of the mail."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Mailbox
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from notifications.channels import Channel
from notifications.message import Address, Failed, Message, Sent

NOON = datetime(2020, 11, 13, 12, tzinfo=UTC)


class TlsServer(Controller):
    """Takes mail from ``clerk`` with the password ``right``, after STARTTLS only."""

    def __init__(self, folder: Path, context: ssl.SSLContext) -> None:
        super().__init__(
            Mailbox(folder / "maildir"),
            hostname="127.0.0.1",
            port=0,
            tls_context=context,
            require_starttls=True,
            auth_required=True,
            authenticator=self.check,
        )

    def check(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: object
    ) -> AuthResult:
        right = LoginPassword(b"clerk", b"right")
        return AuthResult(success=data == right, handled=False)

    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]  # type: ignore[attr-defined]
        super()._trigger_server()  # type: ignore[no-untyped-call]


def make_context(folder: Path) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    today = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(today).not_valid_after(today + timedelta(days=1))
    certificate = builder.sign(key, hashes.SHA256())
    pem = folder / "server.pem"
    form, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    private = key.private_bytes(serialization.Encoding.PEM, form, plain)
    pem.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context


@pytest.fixture
def server(tmp_path: Path) -> Iterator[TlsServer]:
    server = TlsServer(tmp_path, make_context(tmp_path))
    server.start()
    yield server
    server.stop()


def send_with(server: TlsServer, *, password: str, options: str) -> Sent | Failed:
    url = f"smtp://clerk:{password}@127.0.0.1:{server.port}?from=a@example.invalid&{options}"
    with Channel(url) as channel:
        to = Address("测试甲", "clerk@example.invalid")
        return channel.send(Message("主题", "正文"), to=to, key="key", at=NOON)


def test_mail_with_starttls_and_login_is_sent(server: TlsServer) -> None:
    assert send_with(server, password="right", options="starttls=yes&verify=no") == Sent("250 OK")


def test_mail_with_a_wrong_password_fails_for_now(server: TlsServer) -> None:
    failed = send_with(server, password="wrong", options="starttls=yes&verify=no")

    assert isinstance(failed, Failed)
    assert failed.temporary
    assert "535" in failed.answer
    assert "wrong" not in failed.answer


def test_mail_to_a_server_with_an_unknown_certificate_fails_for_now(server: TlsServer) -> None:
    failed = send_with(server, password="right", options="starttls=yes")

    assert isinstance(failed, Failed)
    assert failed.temporary
    assert "certificate" in failed.answer.lower()
