"""The demo workspace: loopback servers that the real clients talk to, and their data. No client code here."""
