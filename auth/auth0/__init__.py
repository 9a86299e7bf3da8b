"""The Auth0 broker: a person signs in at a tenant, connects accounts there, and its Token Vault gives their tokens."""
