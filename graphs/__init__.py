"""The state machine. Only this folder, `app/chat.py` and `app/storage.py` import langgraph."""
