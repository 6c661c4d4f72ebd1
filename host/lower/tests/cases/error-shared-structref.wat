(component (core module $m (type $f (shared (func (param (ref null (shared struct)))))) (func (type $f))) (core instance $m (instantiate $m)))
