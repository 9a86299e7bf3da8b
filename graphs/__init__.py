"""The state machine. Only this folder, `app/chat.py` and `app/checkpoints.py` import langgraph."""
