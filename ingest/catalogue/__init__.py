"""The shipped catalogue of public sources: packs of them, and how evenly they cover the world.

`packs/*.yaml` is the data, `packs.yaml` what the packs are; `read` checks and gives them, `balance` counts.
"""
