"""Explains bounces: what happened, who must act, what to do next, on what evidence."""

__version__ = "0.1.0"
