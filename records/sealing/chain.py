"""The keyed seal of the audit chain: what only a holder of the key can say of all its links together.

Each link's hash is folded into what was said of the links before, so a chain that was rewritten or cut by
somebody without the key never fits again, however much is added to it later.
"""

from __future__ import annotations

from collections.abc import Iterable

from records.sealing.vault import Vault

ABOUT = "audit chain"


def begin(vault: Vault, *, key: str) -> str | None:
    """The seal of a chain without links; None without that key."""
    return vault.sign(b"", about=ABOUT, key=key)


def fold(vault: Vault, seal: str | None, hashes: Iterable[str], *, key: str) -> str | None:
    """The seal of a chain that goes on with these links."""
    for one in hashes:
        if seal is None:
            return None
        seal = vault.sign(f"{seal}{one}".encode(), about=ABOUT, key=key)
    return seal
