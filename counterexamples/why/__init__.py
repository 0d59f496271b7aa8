"""Why a property is violated: the part that fails, its witnesses, and since when each fact is so.

Architecture invariant: what is said of a state is found by the reference semantics. Nothing here
knows an engine, or how the answer was found that it explains.
"""
