"""What people type and read, one module per kind of word; the law of each is `parse(shown(x)) == x`."""
