"""LangChain's agent with the Gmail toolkit in one shot, put together as its guide does: from process start to exit.

Peers only. The model's two replies are fixed, as Valet's planner needs no network either, and the token is at hand, so
nothing is renewed. Prints the ids it read.
"""

from __future__ import annotations

import importlib
import sys
from typing import Any


def main(origin: str, count: int) -> None:
    agents: Any = importlib.import_module("langchain.agents")
    toolkit: Any = importlib.import_module("langchain_google_community")
    build = importlib.import_module("googleapiclient.discovery").build
    credentials = importlib.import_module("google.oauth2.credentials").Credentials("ya29.fake-token-of-a-measurement")
    service = build("gmail", "v1", credentials=credentials, client_options={"api_endpoint": origin})
    tools = toolkit.GmailToolkit(api_resource=service).get_tools()
    agent = agents.create_agent(_model(count), tools, system_prompt="You are an assistant over the person's mail.")
    state = agent.invoke({"messages": [{"role": "user", "content": "What is in my unread mail?"}]})
    sys.stdout.write(state["messages"][2].text + "\n")


def _model(count: int) -> Any:
    models: Any = importlib.import_module("langchain_core.language_models")
    messages: Any = importlib.import_module("langchain_core.messages")
    call = {"name": "search_gmail", "args": {"query": "is:unread in:inbox", "max_results": count}, "id": "1"}

    class Fixed(models.FakeMessagesListChatModel):  # type: ignore[misc]  # the peers' own, unknown here
        def bind_tools(self, tools: Any, **options: Any) -> Any:
            return self

    replies = [messages.AIMessage("", tool_calls=[call]), messages.AIMessage("These are your mails.")]
    return Fixed(responses=replies)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
