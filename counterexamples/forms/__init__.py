"""Traces and state graphs in the forms of other tools, and as tests.

Architecture invariant: each form is a function of the trace. Nothing here knows an engine.
"""
