"""Words shown to people: one catalogue a language, read from flat YAML files."""
