"""An Auth0-shaped tenant: sign-in, API tokens, Connected Accounts, and a Token Vault over the demo's own services."""
