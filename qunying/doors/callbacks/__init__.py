"""The door for what platforms send."""
