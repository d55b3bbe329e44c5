"""The demonstration: an invented world of feeds, and a pretend chat room that receives the warnings."""

from service.demo.prepare import Prepared, prepare_demo

__all__ = ["Prepared", "prepare_demo"]
