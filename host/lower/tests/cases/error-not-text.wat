What is this?
