(component (core module $m (type $f (shared (func (param (ref null (shared i31)))))) (func (type $f))) (core instance $m (instantiate $m)))
