(component (core module $m (type $f (shared (func))) (func (type $f) (drop (ref.i31_shared (i32.const 1))))) (core instance $m (instantiate $m)))
