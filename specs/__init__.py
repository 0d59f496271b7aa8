"""Transition systems: one file a protocol. A spec imports `checker` and other specs, nothing else.

`published` holds Kafka's replication as others have specified it, with their state counts;
`toys` holds examples whose counts are known from the literature.
"""
