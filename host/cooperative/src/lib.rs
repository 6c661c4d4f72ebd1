//! Runs components whose threads, if there are any, are cooperative.
