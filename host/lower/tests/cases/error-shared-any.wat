(component (core module $m (type $f (shared (func (param (ref null (shared any)))))) (func (type $f))) (core instance $m (instantiate $m)))
