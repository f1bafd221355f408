"""One file per wire protocol: frame <-> frozen message."""
