"""The benchmark of time and messages measures what it says, on a small scale."""

from __future__ import annotations

from rehearsal.bench.messages import measure


def test_every_figure_is_measured() -> None:
    figures = measure(lambda _: None, duties=200, mails=5)

    assert {name for name, value in figures.items() if value > 0} == {
        "first_tick_s",
        "idle_tick_ms",
        "tick_100_due_s",
        "outbox_mails_s",
        "bare_loop_mails_s",
        "outbox_to_bare_loop",
        "outbox_cpu_ms_a_mail",
    }
