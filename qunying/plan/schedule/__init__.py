"""Work with owners and due days, and the port by which every app says what is to be done."""
