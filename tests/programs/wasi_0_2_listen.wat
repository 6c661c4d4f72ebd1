;; Listens at a port of 127.0.0.1 that the system chooses. Its status is 0 if it may, and 1 if not. It has no threads.
(component
  (import "wasi:io/poll@0.2.0" (instance $poll
    (export "pollable" (type $pollable (sub resource)))))
  (alias export $poll "pollable" (type $pollable))
  (import "wasi:io/streams@0.2.0" (instance $streams
    (export "input-stream" (type $input-stream (sub resource)))
    (export "output-stream" (type $output-stream (sub resource)))))
  (alias export $streams "input-stream" (type $input))
  (alias export $streams "output-stream" (type $output))
  (import "wasi:sockets/network@0.2.0" (instance $network
    (export "network" (type (sub resource)))
    (type $any-error-code (enum
      "unknown" "access-denied" "not-supported" "invalid-argument" "out-of-memory" "timeout" "concurrency-conflict"
      "not-in-progress" "would-block" "invalid-state" "new-socket-limit" "address-not-bindable" "address-in-use"
      "remote-unreachable" "connection-refused" "connection-reset" "connection-aborted" "datagram-too-large"
      "name-unresolvable" "temporary-resolver-failure" "permanent-resolver-failure"))
    (export "error-code" (type (eq $any-error-code)))
    (type $any-family (enum "ipv4" "ipv6"))
    (export "ip-address-family" (type (eq $any-family)))
    (type $any-ipv4 (tuple u8 u8 u8 u8))
    (export "ipv4-address" (type $ipv4 (eq $any-ipv4)))
    (type $any-ipv6 (tuple u16 u16 u16 u16 u16 u16 u16 u16))
    (export "ipv6-address" (type $ipv6 (eq $any-ipv6)))
    (type $any-ipv4-socket (record (field "port" u16) (field "address" $ipv4)))
    (export "ipv4-socket-address" (type $ipv4-socket (eq $any-ipv4-socket)))
    (type $any-ipv6-socket (record
      (field "port" u16) (field "flow-info" u32) (field "address" $ipv6) (field "scope-id" u32)))
    (export "ipv6-socket-address" (type $ipv6-socket (eq $any-ipv6-socket)))
    (type $any-socket (variant (case "ipv4" $ipv4-socket) (case "ipv6" $ipv6-socket)))
    (export "ip-socket-address" (type (eq $any-socket)))))
  (alias export $network "network" (type $network-type))
  (alias export $network "error-code" (type $error-code))
  (alias export $network "ip-address-family" (type $family))
  (alias export $network "ip-socket-address" (type $address))
  (import "wasi:sockets/instance-network@0.2.0" (instance $instance-network
    (alias outer 1 $network-type (type $any-network))
    (export "network" (type $network (eq $any-network)))
    (export "instance-network" (func (result (own $network))))))
  (import "wasi:sockets/tcp@0.2.0" (instance $tcp
    (alias outer 1 $network-type (type $any-network))
    (export "network" (type $network (eq $any-network)))
    (alias outer 1 $error-code (type $any-error-code))
    (export "error-code" (type $error-code (eq $any-error-code)))
    (alias outer 1 $address (type $any-address))
    (export "ip-socket-address" (type $address (eq $any-address)))
    (alias outer 1 $input (type $any-input))
    (export "input-stream" (type $input-stream (eq $any-input)))
    (alias outer 1 $output (type $any-output))
    (export "output-stream" (type $output-stream (eq $any-output)))
    (alias outer 1 $pollable (type $any-pollable))
    (export "pollable" (type $pollable (eq $any-pollable)))
    (export "tcp-socket" (type $tcp-socket (sub resource)))
    (export "[method]tcp-socket.start-bind" (func
      (param "self" (borrow $tcp-socket)) (param "network" (borrow $network)) (param "local-address" $address)
      (result (result (error $error-code)))))
    (export "[method]tcp-socket.finish-bind" (func
      (param "self" (borrow $tcp-socket)) (result (result (error $error-code)))))
    (export "[method]tcp-socket.start-listen" (func
      (param "self" (borrow $tcp-socket)) (result (result (error $error-code)))))
    (export "[method]tcp-socket.finish-listen" (func
      (param "self" (borrow $tcp-socket)) (result (result (error $error-code)))))))
  (alias export $tcp "tcp-socket" (type $tcp-socket))
  (import "wasi:sockets/tcp-create-socket@0.2.0" (instance $create
    (alias outer 1 $error-code (type $any-error-code))
    (export "error-code" (type $error-code (eq $any-error-code)))
    (alias outer 1 $family (type $any-family))
    (export "ip-address-family" (type $family (eq $any-family)))
    (alias outer 1 $tcp-socket (type $any-socket))
    (export "tcp-socket" (type $tcp-socket (eq $any-socket)))
    (export "create-tcp-socket" (func
      (param "address-family" $family) (result (result (own $tcp-socket) (error $error-code)))))))

  (core module $memory (memory (export "memory") 1))
  (core instance $memory (instantiate $memory))
  (core func $instance-network (canon lower (func $instance-network "instance-network")))
  (core func $create (canon lower (func $create "create-tcp-socket") (memory (core memory $memory "memory"))))
  (core func $start-bind (canon lower (func $tcp "[method]tcp-socket.start-bind") (memory (core memory $memory "memory"))))
  (core func $finish-bind (canon lower (func $tcp "[method]tcp-socket.finish-bind") (memory (core memory $memory "memory"))))
  (core func $start-listen (canon lower (func $tcp "[method]tcp-socket.start-listen") (memory (core memory $memory "memory"))))
  (core func $finish-listen (canon lower (func $tcp "[method]tcp-socket.finish-listen") (memory (core memory $memory "memory"))))
  (core module $main
    (import "memory" "memory" (memory 1))
    (import "wasi" "instance-network" (func $instance-network (result i32)))
    (import "wasi" "create" (func $create (param i32 i32)))
    (import "wasi" "start-bind" (func $start-bind
      (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32)))
    (import "wasi" "finish-bind" (func $finish-bind (param i32 i32)))
    (import "wasi" "start-listen" (func $start-listen (param i32 i32)))
    (import "wasi" "finish-listen" (func $finish-listen (param i32 i32)))
    ;; Whether the answer at 0 is the error `access-denied`. No other is expected.
    (func $is-denied (param $at i32) (result i32)
      (if (i32.eqz (i32.load8_u (i32.const 0))) (then (return (i32.const 0))))
      (if (i32.ne (i32.load8_u (local.get $at)) (i32.const 1)) (then unreachable))
      (i32.const 1))
    (func (export "run") (result i32)
      (local $socket i32)
      (call $create (i32.const 0) (i32.const 0))
      (if (call $is-denied (i32.const 4)) (then (return (i32.const 1))))
      (local.set $socket (i32.load (i32.const 4)))
      (call $start-bind (local.get $socket) (call $instance-network)
        (i32.const 0) (i32.const 0) (i32.const 127) (i32.const 0) (i32.const 0) (i32.const 1)
        (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0))
      (if (call $is-denied (i32.const 1)) (then (return (i32.const 1))))
      ;; A second operation cannot be started before the first one is finished: `concurrency-conflict`.
      (call $start-listen (local.get $socket) (i32.const 0))
      (if (i32.ne (i32.load16_u (i32.const 0)) (i32.const 0x601)) (then unreachable))
      (call $finish-bind (local.get $socket) (i32.const 0))
      (if (i32.load8_u (i32.const 0)) (then unreachable))
      ;; It is finished: `not-in-progress`.
      (call $finish-bind (local.get $socket) (i32.const 0))
      (if (i32.ne (i32.load16_u (i32.const 0)) (i32.const 0x701)) (then unreachable))
      (call $start-listen (local.get $socket) (i32.const 0))
      (if (call $is-denied (i32.const 1)) (then (return (i32.const 1))))
      (call $finish-listen (local.get $socket) (i32.const 0))
      (i32.load8_u (i32.const 0))))
  (core instance $main (instantiate $main
    (with "memory" (instance $memory))
    (with "wasi" (instance
      (export "instance-network" (func $instance-network))
      (export "create" (func $create))
      (export "start-bind" (func $start-bind))
      (export "finish-bind" (func $finish-bind))
      (export "start-listen" (func $start-listen))
      (export "finish-listen" (func $finish-listen))))))
  (func $run (result (result)) (canon lift (core func $main "run")))
  (instance $command (export "run" (func $run)))
  (export "wasi:cli/run@0.2.0" (instance $command)))
