"""May this write run, must it be asked, is it refused: pure functions over a tool's declaration and its plan.

Law: every write asks; what is refused is not asked about.
"""

from __future__ import annotations

from tools.base import Tool
from tools.write import Plan

NEVER = (
    "/gmail/v1/users/me/settings",
    "/permissions",
    "/acl",
    "/batchDelete",
)
"""Parts of paths: settings, filters and forwarding; links and roles; purges. They are not built, and not let in."""


def refused(tool: Tool, plan: Plan) -> str:
    """Why this may not even be asked, "" where it may."""
    if any(part in operation for operation in tool.access.operations for part in NEVER):
        return (
            f"Not executed: {tool.name} could change settings, sharing or more than it names, which Valet never does."
        )
    if not plan.title.strip() or not plan.rows:
        return f"Not executed: {tool.name} did not say what it would do."
    return ""
