"""web.fetch: a public page as readable text."""

from dataclasses import replace

from executor.data import arguments
from executor.data.specs import control, tool
from executor.documents.reading import readable
from executor.egress.http import Http
from executor.port import Call, Reply
from executor.threads import in_thread
from executor.workshop.inner import PAGE, page_inputs
from executor.workshop.pool import Pool
from memory.model.work.value import Label, Text

SPEC = tool(
    "web.fetch",
    "Fetches a public web page and returns its text.",
    control("url", "The page's address", "url", sample="https://example.com/"),
    output="text",
    words=("fetch", "fetching", "download"),
    usual_s=(0.3, 5),
    local=False,
)


class WebFetch:
    """Reads pages through the guard; what they say is data from outside.

    Their HTML is parsed by a worker of the pool, where there is one.
    """

    spec = SPEC

    def __init__(self, http: Http, pool: Pool | None = None) -> None:
        self._http = http
        self._pool = pool

    async def run(self, call: Call) -> Reply:
        """The page's title, address and text."""
        page = await self._http.get(arguments.word(call, "url"), timeout_s=call.timeout_s)
        if self._pool is not None:
            order = replace(call, inputs=page_inputs(page))
            return Reply(value=await self._pool.value(order, PAGE))
        text = await in_thread(lambda: readable(page), timeout_s=call.timeout_s)
        return Reply(value=Text(text=text, label=Label.UNTRUSTED))
