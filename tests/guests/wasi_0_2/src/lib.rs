//! Commands of WASI 0.2 whose threads are those of `std::thread`: see the examples.
