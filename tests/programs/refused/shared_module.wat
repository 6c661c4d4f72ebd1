;; A valid core module, which is not adapted.
(module (type $s (shared (func))) (func (type $s)))
