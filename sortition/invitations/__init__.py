"""Letters drawn from an address file or a register, and who answered them."""
