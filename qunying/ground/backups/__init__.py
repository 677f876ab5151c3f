"""Backups: one encrypted file that restores on either kind of database, and what restoring has to mend."""
