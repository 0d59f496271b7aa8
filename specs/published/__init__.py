"""The specs of hachikuji/kafka-specification, re-expressed; see `docs/PUBLISHED.md`."""
