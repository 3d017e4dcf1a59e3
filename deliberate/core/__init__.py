"""What every capability stands on: configuration, errors, database, jobs, mail, languages and the web shell."""
