"""How fast Baton is: click to ack and the start, measured beside a bare Bolt in the same run (`make bench`)."""
