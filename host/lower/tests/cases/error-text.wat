(component (core module $m (func (result i32) (i32.konst 1))))
