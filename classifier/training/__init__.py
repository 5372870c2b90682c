"""What only trains: the encoder's files are made here from a pretrained model and labels (group `encoder`)."""
