"""The only way out: every address that a user can influence is reached through here, guarded."""
