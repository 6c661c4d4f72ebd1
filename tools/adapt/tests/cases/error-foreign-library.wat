;; A dynamic library.
(module
  (@custom "dylink.0" "\00"))
