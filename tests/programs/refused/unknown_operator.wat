;; Text with an instruction that does not exist.
(module
  (func (foo)))
