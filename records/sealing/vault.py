"""The one seam through which files and ID numbers are stored: sealed, and found by a keyed hash."""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from records.sealing import keys

VERSION = b"\x02"
"""Sealed bytes: the version, the id of the key, the nonce, the encrypted bytes."""
NAMELESS = b"\x01"
"""The version before keys could be changed: the same without the id."""
VAULT = "vault"
"""Where a session of the database keeps its vault, by whose key the audit chain is sealed."""
ID_BYTES = 8
NONCE_BYTES = 12


class MasterKey:
    """What is derived from one master key (HKDF, RFC 5869): neither key tells the other, nor does the id."""

    def __init__(self, master: bytes) -> None:
        self.aead = AESGCM(_derive(master, b"seal"))
        self._lookup = _derive(master, b"lookup")
        self._sign = _derive(master, b"sign")
        self.id = bytes.fromhex(self.lookup("fingerprint of the key"))[:ID_BYTES]

    def lookup(self, text: str) -> str:
        return hmac.new(self._lookup, text.encode(), hashlib.sha256).hexdigest()

    def sign(self, data: bytes, *, about: str) -> str:
        return hmac.new(self._sign, about.encode() + b"\0" + data, hashlib.sha256).hexdigest()


class Vault:
    """Seals and opens with AES-256-GCM (NIST SP 800-38D); look-ups are HMAC-SHA-256.

    It seals and looks up with one key. ``older`` keys open what was sealed before the key was changed, so
    that a change may stop halfway and go on later.
    """

    def __init__(self, master: bytes, *, older: Iterable[bytes] = ()) -> None:
        self._key = MasterKey(master)
        known = (self._key, *map(MasterKey, older))
        self._keys = {one.id: one for one in reversed(known)}

    def seal(self, data: bytes, *, about: str) -> bytes:
        """``about`` names where the sealed bytes belong; they open only there."""
        nonce = os.urandom(NONCE_BYTES)
        return self.mark + nonce + self._key.aead.encrypt(nonce, data, about.encode())

    def open(self, sealed: bytes, *, about: str) -> bytes:
        """Raises ``cryptography.exceptions.InvalidTag`` for another key, place or changed bytes."""
        for key, body in self._tries(sealed):
            with suppress(InvalidTag):
                return key.aead.decrypt(body[:NONCE_BYTES], body[NONCE_BYTES:], about.encode())
        raise InvalidTag

    def _tries(self, sealed: bytes) -> Iterator[tuple[MasterKey, bytes]]:
        """The keys that may open these bytes, and what follows their head."""
        version, rest = sealed[:1], sealed[1:]
        if version == NAMELESS:
            yield from ((key, rest) for key in self._keys.values())
        elif version != VERSION:
            raise ValueError("sealed by an unknown version of the vault")
        elif rest[:ID_BYTES] in self._keys:
            yield self._keys[rest[:ID_BYTES]], rest[ID_BYTES:]

    def fits(self, sealed: bytes, *, about: str) -> bool:
        """Whether ``open`` would open it."""
        try:
            self.open(sealed, about=about)
        except InvalidTag:
            return False
        return True

    def lookup(self, text: str) -> str:
        """A keyed hash (64 hexadecimal digits) that finds equal texts without showing them."""
        return self._key.lookup(text)

    def lookups(self, text: str) -> list[str]:
        """The same by every key it knows: what to look for while a change of the key is under way."""
        return [key.lookup(text) for key in self._keys.values()]

    def sign(self, data: bytes, *, about: str, key: str) -> str | None:
        """What only a holder of the key of that fingerprint can say of ``data`` (64 hexadecimal digits).

        None where that key is not known. ``about`` names what is signed: a signature is good for that alone.
        """
        known = self._keys.get(bytes.fromhex(key))
        return known.sign(data, about=about) if known else None

    @property
    def mark(self) -> bytes:
        """How everything begins that is sealed with the present key."""
        return VERSION + self._key.id

    def fingerprint(self) -> str:
        """Sixteen hexadecimal digits by which two copies of one key are known; they tell nothing of it."""
        return self._key.id.hex()

    def fingerprints(self) -> list[str]:
        """Those of every key it knows."""
        return [one.hex() for one in self._keys]


class Keyless(Vault):
    """Stands where no key is at hand: it opens nothing of ours and signs nothing."""

    def __init__(self) -> None:
        super().__init__(bytes(keys.BYTES))
        self._keys = {}


def mark_of(fingerprint: str) -> bytes:
    """How everything begins that was sealed with the key of this fingerprint."""
    return VERSION + bytes.fromhex(fingerprint)


def _derive(master: bytes, purpose: bytes) -> bytes:
    return HKDFExpand(algorithm=hashes.SHA256(), length=keys.BYTES, info=b"hqe/" + purpose).derive(master)


def make_key(path: Path) -> bool:
    """Write a fresh master key, readable by its owner only; False when there is one already."""
    return keys.write(path, os.urandom(keys.BYTES))


def open_vault(path: Path) -> Vault:
    """Seals with the key in ``path`` and also opens with those beside it (``keys.beside``).

    Raises FileNotFoundError when the key is not there: without it dossiers cannot be read.
    """
    return Vault(keys.read(path), older=_readable(keys.beside(path)))


def vault_at_hand(path: Path) -> Vault:
    """The same where it goes without: what is wrong with the key is for others to say."""
    try:
        return open_vault(path)
    except (OSError, ValueError):
        return Keyless()


def open_next_vault(path: Path) -> Vault:
    """The vault as it will be when the change under way is done: seals with the next key."""
    return Vault(keys.read(keys.next_of(path)), older=_readable([path, *keys.retired(path)]))


def _readable(paths: Iterable[Path]) -> Iterator[bytes]:
    """A key that only opens old things must not keep the house from opening."""
    for path in paths:
        with suppress(OSError, ValueError):
            yield keys.read(path)
