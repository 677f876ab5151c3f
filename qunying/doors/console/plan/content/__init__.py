"""The pages of the content plan."""
