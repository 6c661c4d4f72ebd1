(component (core module $m (type $f (shared (func (param (ref null (shared extern)))))) (func (type $f))) (core instance $m (instantiate $m)))
