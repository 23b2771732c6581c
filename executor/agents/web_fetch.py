"""web.fetch: a public page as readable text."""

from executor.data import arguments
from executor.data.specs import control, tool
from executor.documents.reading import readable
from executor.egress.http import Http
from executor.port import Call, Reply
from executor.threads import in_thread
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
    """Reads pages through the guard; what they say is data from outside."""

    spec = SPEC

    def __init__(self, http: Http) -> None:
        self._http = http

    async def run(self, call: Call) -> Reply:
        """The page's title, address and text."""
        page = await self._http.get(arguments.word(call, "url"), timeout_s=call.timeout_s)
        text = await in_thread(lambda: readable(page), timeout_s=call.timeout_s)
        return Reply(value=Text(text=text, label=Label.UNTRUSTED))
