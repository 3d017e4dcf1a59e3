"""Contributing on the screen, and the receipt that follows, corrects, contests and withdraws."""
