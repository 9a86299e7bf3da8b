"""Valet on the LangGraph server: for Studio, agent-chat-ui and any client of its API; several people at once."""
