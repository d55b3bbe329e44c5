"""Tuning: how the shipped weights were learnt. Needs PyTorch (CPU); nothing else in the house does.

`python -m scoring.tuning --help`. From the corpus alone it makes a model that a clone can call its own; with
`--outside` it also learns from labelled text that may teach but not be handed on, whose sources the card names.
"""
