"""The main ways through the desk, told as stories: real Chromium, the real app at work, real servers outside of it."""
