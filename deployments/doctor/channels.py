"""What is wrong with the channels besides mail: unusable, or taking nothing just now."""

from __future__ import annotations

from collections.abc import Iterator

from actions.upkeep.troubles import Trouble
from config.settings import Settings
from notifications.channels import open_channels
from records import relays
from records.store import Store

SETTING = "环境变量 HQE_CHANNELS"


def channel_troubles(store: Store, settings: Settings) -> Iterator[Trouble]:
    """No URL is told: it holds a secret."""
    usable, wrong = open_channels(settings.channels)
    for channel in usable.values():
        channel.close()
    for name, why in wrong.items():
        remedy = "改正后重新启动 ./hqe up；选了它的人目前只收邮件。"
        yield Trouble("channel_setting", f"渠道“{name}”的设置不能使用：{why}", SETTING, remedy)
    with store.reading() as session:
        waiting, answers = relays.waiting_by_channel(session), relays.last_answers(session)
    for name, answer in answers.items():
        what = f"渠道“{name}”没有收下提醒，{waiting[name]}条在等：{answer}"
        remedy = "核对机器人是否还在群里、密钥和关键词；邮件照常发送，恢复后自动补发，过一天的不再补发。"
        yield Trouble("channel_away", what, SETTING, remedy)
