"""Which work pool and deployments this house has; the same table as prefect.yaml."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from deployments.worker.execution import flow_at

if TYPE_CHECKING:
    pass


POOL = "hqe"


PROCESS_POOL = "hqe-process"


SERVED = "served"
"""In place of a pool: a stock ``serve`` has these deployments made and executes their runs itself."""


TICK_EVERY = timedelta(seconds=300)


# These never sleep: each bell is a run of its own, answered when it is done.
RUN_PER_BELL = frozenset({"tick"})


@dataclass(frozen=True, slots=True)
class Registered:
    """One deployment: `<kind>/<kind>`, started by the entrypoint of a module, never of a path.

    Its description is the flow's. Every run of it bears `title` as a tag.
    """

    kind: str
    title: str
    entrypoint: str
    every: timedelta | None = None
    """A schedule; two runs of a scheduled deployment never overlap, the second is cancelled."""

    @property
    def name(self) -> str:
        return f"{self.kind}/{self.kind}"

    @property
    def description(self) -> str | None:
        description: str | None = flow_at(self.entrypoint).description
        return description

    @property
    def parameter_schema(self) -> dict[str, Any]:
        subject: dict[str, Any] = {
            "title": "subject",
            "type": "string",
            "position": 0,
            "description": SUBJECT,
        }
        if self.every is None:
            return {"type": "object", "properties": {"subject": subject}, "required": ["subject"]}
        return {"type": "object", "properties": {"subject": {**subject, "default": ""}}, "required": []}


SUBJECT = "办理对象，由程序填写：活动编号，或“活动编号/乡镇、社区(村)代码”。请勿手工填写。"


REGISTERED = (
    Registered("campaign", "建设活动", "flows.campaign:campaign"),
    Registered("survey", "调查摸底", "flows.survey:survey"),
    Registered("submission", "汇总上报", "flows.submission:submission"),
    Registered("verification", "核查认定", "flows.verification:verification"),
    Registered("recommendation", "择优推荐", "flows.recommendation:recommendation"),
    Registered("award", "奖补", "flows.award:award"),
    Registered("tick", "定时检查", "flows.tick:tick", every=TICK_EVERY),
)


ENTRYPOINTS = {deployment.kind: deployment.entrypoint for deployment in REGISTERED}
