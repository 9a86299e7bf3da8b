"""Requests that change something: where one begins, what it acts on, what it says, and the write calls it comes to.

Law: only a clause put as an order to Valet proposes a write; a question, a wish, a denial or a condition never does.
"""

REACHED = frozenset(
    {
        "send_reply", "send_mail", "send_draft", "draft_reply", "draft_mail", "discard_draft", "archive", "mark_read",
        "mark_unread", "move_to_trash", "label_conversations", "restore_labels", "create_event", "move_event",
        "cancel_event", "answer_invitation", "post_message", "reply_in_thread", "message_person", "create_document",
        "update_document", "create_tasks", "complete_tasks", "reopen_tasks", "change_task", "delete_tasks",
        "restore_tasks", "restore_event", "trash_document", "restore_document", "create_folder",
    }
)  # fmt: skip
"""The write tools that orders are understood for, by name; others are reached by what they are asked with."""
