"""tmp"""

from prefect.workers.base import BaseWorker


class HqeWorker(BaseWorker):
    type = "hqe"

    async def run(self, flow_run, configuration, task_status=None): ...
