"""langchain-google-community as its guide uses it; runs in the peers' own environment."""

from __future__ import annotations

import importlib
import sys
from typing import Any

from tests.bench.contenders.worker import loop
from tests.bench.service.prose import codes

httplib2: Any = importlib.import_module("httplib2")
discovery: Any = importlib.import_module("googleapiclient.discovery")
search: Any = importlib.import_module("langchain_google_community.gmail.search")

PATIENCE = 5.0


class Reader:
    def __init__(self, origin: str) -> None:
        self._origin = origin
        self.service = self._built()

    def _built(self) -> Any:
        options = {"api_endpoint": self._origin}
        return discovery.build("gmail", "v1", http=httplib2.Http(), static_discovery=True, client_options=options)

    def search(self, command: dict[str, Any]) -> Any:
        """GmailSearch, the tool; bodies it leaves empty are counted."""
        if command.get("cold"):
            self.service = self._built()
        tool = search.GmailSearch(api_resource=self.service)

        def timed() -> dict[str, Any]:
            found = tool.invoke({"query": "is:unread in:inbox", "max_results": command["count"]})
            return {"read": len(found), "late": lambda: _judged(found)}

        return timed

    def fire(self, command: dict[str, Any]) -> Any:
        """The toolkit's get_gmail_message through a graph's ToolNode, so many calls at once."""
        message, graph = importlib.import_module("langchain_core.messages"), importlib.import_module("langgraph.graph")
        options = {"api_endpoint": self._origin}
        line = httplib2.Http(timeout=PATIENCE)
        service = discovery.build("gmail", "v1", http=line, static_discovery=True, client_options=options)
        prebuilt = importlib.import_module("langgraph.prebuilt")
        get: Any = importlib.import_module("langchain_google_community.gmail.get_message")
        builder = graph.StateGraph(graph.MessagesState)
        builder.add_node(
            "tools", prebuilt.ToolNode([get.GmailGetMessage(api_resource=service)], handle_tool_errors=True)
        )
        builder.add_edge(graph.START, "tools")
        tools = builder.compile()
        width = command["width"]

        def timed() -> dict[str, Any]:
            answers = []
            for start in range(0, width * command["rounds"], width):
                calls = [
                    {"name": "get_gmail_message", "args": {"message_id": one}, "id": str(number)}
                    for number, one in enumerate(command["ids"][start : start + width], start)
                ]
                state = tools.invoke({"messages": [message.AIMessage("", tool_calls=calls)]})
                answers += [[int(m.tool_call_id), m.status, m.text] for m in state["messages"][1:]]
            return {"answers": answers}

        return timed


def _judged(found: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "mails": {one["id"]: [one["snippet"], sorted(codes(str(one["body"])))] for one in found},
        "empty": sum(1 for one in found if not str(one["body"]).strip()),
        "text": str(found),
    }


if __name__ == "__main__":
    reader = Reader(sys.argv[1])
    loop({"search": reader.search, "fire": reader.fire})
