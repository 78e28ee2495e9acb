"""The one seam through which files and ID numbers are stored: sealed, and found by a keyed hash."""

from __future__ import annotations

import hashlib
import hmac
import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

VERSION = b"\x01"
NONCE_BYTES = 12
KEY_BYTES = 32


class Vault:
    """Seals and opens with AES-256-GCM (NIST SP 800-38D); look-ups are HMAC-SHA-256.

    Both keys are derived from one master key (HKDF, RFC 5869), so that a copy of one file is
    enough to restore and neither key tells the other.
    """

    def __init__(self, master: bytes) -> None:
        self._aead = AESGCM(_derive(master, b"seal"))
        self._lookup = _derive(master, b"lookup")

    def seal(self, data: bytes, *, about: str) -> bytes:
        """``about`` names where the sealed bytes belong; they open only there."""
        nonce = os.urandom(NONCE_BYTES)
        return VERSION + nonce + self._aead.encrypt(nonce, data, about.encode())

    def open(self, sealed: bytes, *, about: str) -> bytes:
        """Raises ``cryptography.exceptions.InvalidTag`` for another key, place or changed bytes."""
        if sealed[:1] != VERSION:
            raise ValueError("sealed by an unknown version of the vault")
        nonce, body = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
        return self._aead.decrypt(nonce, body, about.encode())

    def fits(self, sealed: bytes, *, about: str) -> bool:
        """Whether ``open`` would open it."""
        try:
            self.open(sealed, about=about)
        except InvalidTag:
            return False
        return True

    def lookup(self, text: str) -> str:
        """A keyed hash (64 hexadecimal digits) that finds equal texts without showing them."""
        return hmac.new(self._lookup, text.encode(), hashlib.sha256).hexdigest()

    def fingerprint(self) -> str:
        """Sixteen hexadecimal digits by which two copies of one key are known; they tell nothing of it."""
        return self.lookup("fingerprint of the key")[:16]


def _derive(master: bytes, purpose: bytes) -> bytes:
    return HKDFExpand(algorithm=hashes.SHA256(), length=KEY_BYTES, info=b"hqe/" + purpose).derive(master)


def make_key(path: Path) -> bool:
    """Write a fresh master key, readable by its owner only; False when there is one already."""
    if path.exists():
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(os.urandom(KEY_BYTES).hex().encode())
    return True


def open_vault(path: Path) -> Vault:
    """Raises FileNotFoundError when the key is not there: without it dossiers cannot be read."""
    return Vault(bytes.fromhex(path.read_text(encoding="ascii").strip()))
