"""DingTalk: groups heard over its stream, spoken to by a robot; scene groups in whole."""
