;; A garbage-collected reference.
(module
  (func (drop (ref.null any))))
