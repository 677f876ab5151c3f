"""WeChat official accounts: followers as one group, by events and by comparing."""
