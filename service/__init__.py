"""The world around the stages: identity, time, memory, people, sending."""
