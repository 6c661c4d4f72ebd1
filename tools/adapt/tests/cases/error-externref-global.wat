;; A global that is a host reference.
(module
  (global externref (ref.null extern)))
