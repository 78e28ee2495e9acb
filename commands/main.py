"""The command line: one group, one file per command."""

from __future__ import annotations

import click

from commands.audit import audit
from commands.backup import backup
from commands.bench import bench
from commands.campaign import campaign
from commands.diff import diff
from commands.doctor import doctor
from commands.extend import extend
from commands.forecast import forecast
from commands.gate import gate
from commands.key import key
from commands.leaks import leaks
from commands.open_folder import open_folder
from commands.people import people
from commands.reassign import reassign
from commands.rehearse import rehearse
from commands.restore import restore
from commands.retention import retention
from commands.roster import roster, unmask
from commands.stage import stage
from commands.status import status
from commands.submit import submit
from commands.test import test
from commands.town import town, village
from commands.translations import translations
from commands.up import up
from commands.upgrade import upgrade
from commands.withdraw import withdraw
from commands.workbook import workbook


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def main() -> None:
    """Run a county's yearly approval campaign.

    高质量就业社区(村)建设活动的办理程序。 Start with: ./hqe rehearse
    """


campaign.add_command(open_folder)
campaign.add_command(status)
audit.add_command(leaks)
workbook.add_command(submit)
workbook.add_command(diff)
workbook.add_command(roster)
workbook.add_command(unmask)
workbook.add_command(withdraw)
for command in (
    rehearse,
    up,
    doctor,
    campaign,
    gate,
    people,
    town,
    village,
    forecast,
    extend,
    reassign,
    stage,
    workbook,
    backup,
    restore,
    upgrade,
    key,
    retention,
    audit,
    bench,
    translations,
    test,
):
    main.add_command(command)
