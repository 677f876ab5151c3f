"""What runs behind the pages: jobs, followers, the audit."""
