"""What is put before the panel: claims, their sources, whom they speak for."""
