"""What only trains: the encoder's files are made here from a pretrained model and labelled records (extra `train`)."""
