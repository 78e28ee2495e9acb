"""What the machine refuses while a command runs ends it with a sentence, never with a traceback."""

from __future__ import annotations

from typing import Any

import click

from commands.terminal.output import refuse
from config.places import keep_private
from rules.entries import TOO_LONG
from rules.signs import is_too_long


class Whole(click.Group):
    """The root of all commands: whichever runs, a fault of the machine is told here."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if any(map(is_too_long, args)):
            refuse(TOO_LONG.reason)
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - as click has it
        keep_private()
        try:
            return super().invoke(ctx)
        except click.ClickException:
            raise
        except Exception as error:
            sentence = told(error)
            if not sentence:
                raise
            refuse(sentence)


def told(error: Exception) -> str:
    """What happened, where, and what to do; empty for a fault of the program, whose traceback is wanted."""
    from deployments.local.preflight import Unfit
    from records.faults import file_fault, why_not
    from records.schema.version import Unreachable

    if isinstance(error, Unfit):
        return str(error)
    if isinstance(error, Unreachable):
        return f"数据库不能使用：{error}。请检查 HQE_DATABASE_URL 和数据库服务。"
    fault = file_fault(error)
    if fault is None:
        return why_not(error)
    where = f" {fault.where} " if fault.where else ""
    return f"文件{where}不能读写：{fault.what}。请清理磁盘或检查权限后重试，已经办理的事项不受影响。"
