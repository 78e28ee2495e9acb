"""Sealing the audit log anew: by an operator who has compared it with a head from outside, and noted."""

from __future__ import annotations

from datetime import datetime

from records import audit
from records.store import Store, repeatable
from rules.refusals import Refused


@repeatable
def seal_log(store: Store, *, reason: str, now: datetime) -> int | Refused:
    """Seal the chain as it stands with the present key; how many entries it has.

    One that does not hold stays as it is, so that nobody covers a trace by mistake.
    """
    with store.writing() as session:
        found = audit.verify(session)
        if found.broken:
            problem = f"审计日志在第{found.broken.seq}条处不完整（{found.broken.problem}），封存会掩盖痕迹。"
            return Refused("audit_broken", f"{problem}请先查明原因。")
        if not (found.unsealed or found.strange_key):
            return Refused("sealed", "审计日志的各条都已封存，无需再做。")
        audit.seal_whole(session, store.vault)
        facts = {"unsealed": found.unsealed, "length": found.length, "reason": reason}
        if found.strange_key:
            facts["old_key"] = found.strange_key
        audit.note(session, at=now, actor="operator", act="seal_audit", subject="database", facts=facts)
    return found.length
