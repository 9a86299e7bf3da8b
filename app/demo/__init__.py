"""The demo workspace: loopback servers that the real clients talk to, and their data. Shares no code with the clients."""
