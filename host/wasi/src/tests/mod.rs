//! Tests of the function bodies, without a runtime.
