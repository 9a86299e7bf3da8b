"""The person's side and the composition root: terminal, settings, storage, models, demo workspace."""
