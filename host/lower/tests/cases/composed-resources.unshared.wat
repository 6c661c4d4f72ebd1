(component
  (component $owner (;0;)
    (core module $libc (;0;)
      (type $take (;0;) (func (param i32)))
      (type $get (;1;) (func (result i32)))
      (memory (;0;) 1 1)
      (export "memory" (memory 0))
      (export "destroy" (func 0))
      (export "destroyed" (func 1))
      (func (;0;) (type $take) (param i32)
        i32.const 0
        local.get 0
        i32.atomic.rmw.add
        drop
      )
      (func (;1;) (type $get) (result i32)
        i32.const 0
        i32.atomic.load
      )
    )
    (core instance $libc (;0;) (instantiate $libc))
    (alias core export $libc "destroy" (core func (;0;)))
    (type $r' (;0;) (resource (rep i32) (dtor 0)))
    (core func $new (;1;) (canon resource.new $r'))
    (core module $m (;1;)
      (type $unary (;0;) (func (param i32) (result i32)))
      (import "" "new" (func $new (;0;) (type $unary)))
      (export "make" (func 1))
      (export "value" (func 2))
      (func (;1;) (type $unary) (param i32) (result i32)
        local.get 0
        call $new
      )
      (func (;2;) (type $unary) (param i32) (result i32)
        local.get 0
      )
    )
    (core instance (;1;)
      (export "new" (func $new))
    )
    (core instance $m (;2;) (instantiate $m
        (with "" (instance 1))
      )
    )
    (export $r (;1;) "r" (type $r'))
    (type (;2;) (own $r))
    (type (;3;) (func (param "rep" u32) (result 2)))
    (alias core export $m "make" (core func (;2;)))
    (func (;0;) (type 3) (canon lift (core func 2)))
    (type (;4;) (borrow $r))
    (type (;5;) (func (param "r" 4) (result u32)))
    (alias core export $m "value" (core func (;3;)))
    (func (;1;) (type 5) (canon lift (core func 3)))
    (type (;6;) (func (result u32)))
    (alias core export $libc "destroyed" (core func (;4;)))
    (func (;2;) (type 6) (canon lift (core func 4)))
    (export (;3;) "make" (func 0))
    (export (;4;) "value" (func 1))
    (export (;5;) "destroyed" (func 2))
  )
  (instance $owner (;0;) (instantiate $owner))
  (component $reader (;1;)
    (import "r" (type $r (;0;) (sub resource)))
    (type (;1;) (borrow $r))
    (type (;2;) (func (param "r" 1) (result u32)))
    (import "value" (func $value (;0;) (type 2)))
    (core func $value (;0;) (canon lower (func $value)))
    (core func $drop (;1;) (canon resource.drop $r))
    (core module $m (;0;)
      (type $unary (;0;) (func (param i32) (result i32)))
      (type $take (;1;) (func (param i32)))
      (import "" "value" (func $value (;0;) (type $unary)))
      (import "" "drop" (func $drop (;1;) (type $take)))
      (export "read" (func 2))
      (func (;2;) (type $unary) (param $r i32) (result i32)
        (local $value i32)
        local.get $r
        call $value
        local.set $value
        local.get $r
        call $drop
        local.get $value
      )
    )
    (core instance (;0;)
      (export "value" (func $value))
      (export "drop" (func $drop))
    )
    (core instance $m (;1;) (instantiate $m
        (with "" (instance 0))
      )
    )
    (type (;3;) (borrow $r))
    (type (;4;) (func (param "r" 3) (result u32)))
    (alias core export $m "read" (core func (;2;)))
    (func (;1;) (type 4) (canon lift (core func 2)))
    (export (;2;) "read" (func 1))
  )
  (alias export $owner "r" (type (;0;)))
  (alias export $owner "value" (func (;0;)))
  (instance $reader (;1;) (instantiate $reader
      (with "r" (type 0))
      (with "value" (func 0))
    )
  )
  (component $threads (;2;)
    (import "r" (type $r (;0;) (sub resource)))
    (type (;1;) (own $r))
    (type (;2;) (func (param "rep" u32) (result 1)))
    (import "make" (func $make (;0;) (type 2)))
    (type (;3;) (borrow $r))
    (type (;4;) (func (param "r" 3) (result u32)))
    (import "read" (func $read (;1;) (type 4)))
    (core module $libc (;0;)
      (table (;0;) 1 1 funcref)
      (memory (;0;) 1 1)
      (export "memory" (memory 0))
      (export "table" (table 0))
    )
    (core instance $libc (;0;) (instantiate $libc))
    (core type $start (;0;) (func (param i32)))
    (alias core export $libc "table" (core table (;0;)))
    (core func (;0;) (canon thread.new-indirect $start 0))
    (core func (;1;) (canon thread.resume-later))
    (core module (;1;)
      (type (;0;) (func (param i32 i32) (result i32)))
      (type (;1;) (func (param i32)))
      (type (;2;) (func (param i32 i32) (result i32)))
      (import "" "new" (func (;0;) (type 0)))
      (import "" "resume" (func (;1;) (type 1)))
      (export "builtin" (func 2))
      (func (;2;) (type 2) (param i32 i32) (result i32)
        (local i32)
        local.get 0
        local.get 1
        call 0
        local.tee 2
        call 1
        local.get 2
      )
    )
    (core instance (;1;)
      (export "new" (func 0))
      (export "resume" (func 1))
    )
    (core instance (;2;) (instantiate 1
        (with "" (instance 1))
      )
    )
    (alias core export 2 "builtin" (core func $spawn (;2;)))
    (core func $make (;3;) (canon lower (func $make)))
    (core func $read (;4;) (canon lower (func $read)))
    (core func $drop (;5;) (canon resource.drop $r))
    (core module $m (;2;)
      (type $start (;0;) (func (param i32)))
      (type $unary (;1;) (func (param i32) (result i32)))
      (type $binary (;2;) (func (param i32 i32) (result i32)))
      (import "libc" "memory" (memory (;0;) 1 1))
      (import "libc" "table" (table $table (;0;) 1 1 funcref))
      (import "host" "spawn" (func $spawn (;0;) (type $binary)))
      (import "host" "make" (func $make (;1;) (type $unary)))
      (import "host" "read" (func $read (;2;) (type $unary)))
      (import "host" "drop" (func $drop (;3;) (type $start)))
      (export "run" (func 5))
      (elem (;0;) (table $table) (i32.const 0) funcref (ref.func $thread))
      (func $thread (;4;) (type $start) (param $shared i32)
        (local $own i32) (local $left i32)
        i32.const 100
        local.set $left
        loop $again
          i32.const 1
          call $make
          local.set $own
          i32.const 8
          local.get $own
          call $read
          i32.atomic.rmw.add
          drop
          i32.const 8
          local.get $shared
          call $read
          i32.atomic.rmw.add
          drop
          local.get $own
          call $drop
          local.get $left
          i32.const 1
          i32.sub
          local.tee $left
          br_if $again
        end
        i32.const 0
        i32.const 1
        i32.atomic.rmw.add
        drop
        i32.const 0
        i32.const 1
        memory.atomic.notify
        drop
      )
      (func (;5;) (type $unary) (param $threads i32) (result i32)
        (local $shared i32) (local $left i32) (local $done i32)
        i32.const 1000
        call $make
        local.set $shared
        local.get $threads
        local.set $left
        loop $start
          i32.const 0
          local.get $shared
          call $spawn
          drop
          local.get $left
          i32.const 1
          i32.sub
          local.tee $left
          br_if $start
        end
        loop $wait
          i32.const 0
          i32.atomic.load
          local.set $done
          local.get $done
          local.get $threads
          i32.lt_u
          if ;; label = @2
            i32.const 0
            local.get $done
            i64.const -1
            memory.atomic.wait32
            drop
            br $wait
          end
        end
        local.get $shared
        call $drop
        i32.const 8
        i32.atomic.load
      )
    )
    (core instance (;3;)
      (export "spawn" (func $spawn))
      (export "make" (func $make))
      (export "read" (func $read))
      (export "drop" (func $drop))
    )
    (core instance $m (;4;) (instantiate $m
        (with "libc" (instance $libc))
        (with "host" (instance 3))
      )
    )
    (type (;5;) (func (param "threads" u32) (result u32)))
    (alias core export $m "run" (core func (;6;)))
    (func (;2;) (type 5) (canon lift (core func 6)))
    (export (;3;) "run" (func 2))
  )
  (alias export $owner "r" (type (;1;)))
  (alias export $owner "make" (func (;1;)))
  (alias export $reader "read" (func (;2;)))
  (instance $threads (;2;) (instantiate $threads
      (with "r" (type 1))
      (with "make" (func 1))
      (with "read" (func 2))
    )
  )
  (alias export $threads "run" (func (;3;)))
  (export (;4;) "run" (func 3))
  (alias export $owner "destroyed" (func (;5;)))
  (export (;6;) "destroyed" (func 5))
)
