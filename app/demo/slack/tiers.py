"""Slack's rate limits: so many calls a minute of one method, team and app, by the method's tier."""

from app.demo.quota import Limits, Quota

PER_MINUTE = {1: 1, 2: 20, 3: 50, 4: 100}
SPECIAL = 5
_SPECIAL_PER_MINUTE = 300


class Tiers:
    """The ledgers, one a tier."""

    def __init__(self, limits: Limits) -> None:
        allowed = {**PER_MINUTE, SPECIAL: _SPECIAL_PER_MINUTE}
        self._quotas = {tier: Quota(per_minute, limits) for tier, per_minute in allowed.items()}

    def charge(self, tier: int, method: str, team: str, app: str) -> int:
        """Book one call; 0, or the whole seconds to wait."""
        return self._quotas[tier].charge(f"{method} {team} {app}", method)
