"""Playbooks: the advice as cited data (`data/`), its document schema, and the loader that checks it."""
