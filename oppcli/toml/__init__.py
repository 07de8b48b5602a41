"""The TOML files that people write: policy, mapping, configuration. Read in bounds, checked against a shape, and every
fault told in the same words, with its line."""
