"""Tables, transactions and statements. SQLAlchemy and nothing else; nothing here decides anything."""
