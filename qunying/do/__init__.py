"""What was done: it looks back at the plan and the ground."""
