;; Nothing is shared but functions.
(module (func (export "_start")))
