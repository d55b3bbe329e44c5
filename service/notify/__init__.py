"""Telling people: messages, channels (one file each), and the delivery that drains the outbox."""
