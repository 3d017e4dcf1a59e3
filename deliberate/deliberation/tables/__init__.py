"""Who sits where: tables of a session, from `sortition.tables`."""
