"""What is put to the vote, by rules fixed beforehand."""
