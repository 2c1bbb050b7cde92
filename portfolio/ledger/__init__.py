"""The machinery of the record: triggers and rights, migrations that keep the past, the chain and its verifier."""
