"""The embedded broker: grants kept on this machine."""
