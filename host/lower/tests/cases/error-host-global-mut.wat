(component (import "host" (core module $host (export "g" (global (shared mut i32))))) (core instance $h (instantiate $host))
 (core module $m (import "" "g" (global (shared mut i32))) (func (export "f") (global.set 0 (i32.const 1))))
 (core instance $m (instantiate $m (with "" (instance $h)))))