"""A LangGraph agent with the Gmail toolkit in one shot: 50 unread mails, from process start to exit. Peers only.

The model's two replies are fixed, as Valet's planner needs no network either. Prints the ids it read.
"""

from __future__ import annotations

import importlib
import sys
from typing import Any


def main(origin: str, count: int) -> None:
    graph: Any = importlib.import_module("langgraph.graph")
    prebuilt: Any = importlib.import_module("langgraph.prebuilt")
    messages: Any = importlib.import_module("langchain_core.messages")
    search: Any = importlib.import_module("langchain_google_community.gmail.search")
    discovery: Any = importlib.import_module("googleapiclient.discovery")
    httplib2: Any = importlib.import_module("httplib2")
    options = {"api_endpoint": origin}
    service = discovery.build("gmail", "v1", http=httplib2.Http(), static_discovery=True, client_options=options)
    call = {
        "name": "search_gmail",
        "args": {"query": "is:unread in:inbox", "max_results": count},
        "id": "1",
    }

    def model(state: Any) -> Any:
        asked = len(state["messages"]) == 1
        reply = messages.AIMessage("", tool_calls=[call]) if asked else messages.AIMessage("These are your mails.")
        return {"messages": [reply]}

    builder = graph.StateGraph(graph.MessagesState)
    builder.add_node("model", model)
    builder.add_node("tools", prebuilt.ToolNode([search.GmailSearch(api_resource=service)]))
    builder.add_edge(graph.START, "model")
    builder.add_conditional_edges("model", prebuilt.tools_condition)
    builder.add_edge("tools", "model")
    state = builder.compile().invoke({"messages": [messages.HumanMessage("What is in my unread mail?")]})
    sys.stdout.write(state["messages"][2].text + "\n")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
