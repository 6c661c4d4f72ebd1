(module (type $s (shared (func))) (func (type $s)))
