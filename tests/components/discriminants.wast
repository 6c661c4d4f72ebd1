;; Discriminants and flags of one, two and four bytes, within components and between them.

;; 256 cases have one byte, and 257 have two. The result is in memory, where only the discriminant is written.
(component definition $Sizes
  (type $small' (enum
    "c0" "c1" "c2" "c3" "c4" "c5" "c6" "c7" "c8" "c9" "c10" "c11" "c12" "c13" "c14" "c15" "c16" "c17" "c18" "c19"
    "c20" "c21" "c22" "c23" "c24" "c25" "c26" "c27" "c28" "c29" "c30" "c31" "c32" "c33" "c34" "c35" "c36" "c37"
    "c38" "c39" "c40" "c41" "c42" "c43" "c44" "c45" "c46" "c47" "c48" "c49" "c50" "c51" "c52" "c53" "c54" "c55"
    "c56" "c57" "c58" "c59" "c60" "c61" "c62" "c63" "c64" "c65" "c66" "c67" "c68" "c69" "c70" "c71" "c72" "c73"
    "c74" "c75" "c76" "c77" "c78" "c79" "c80" "c81" "c82" "c83" "c84" "c85" "c86" "c87" "c88" "c89" "c90" "c91"
    "c92" "c93" "c94" "c95" "c96" "c97" "c98" "c99" "c100" "c101" "c102" "c103" "c104" "c105" "c106" "c107" "c108"
    "c109" "c110" "c111" "c112" "c113" "c114" "c115" "c116" "c117" "c118" "c119" "c120" "c121" "c122" "c123" "c124"
    "c125" "c126" "c127" "c128" "c129" "c130" "c131" "c132" "c133" "c134" "c135" "c136" "c137" "c138" "c139" "c140"
    "c141" "c142" "c143" "c144" "c145" "c146" "c147" "c148" "c149" "c150" "c151" "c152" "c153" "c154" "c155" "c156"
    "c157" "c158" "c159" "c160" "c161" "c162" "c163" "c164" "c165" "c166" "c167" "c168" "c169" "c170" "c171" "c172"
    "c173" "c174" "c175" "c176" "c177" "c178" "c179" "c180" "c181" "c182" "c183" "c184" "c185" "c186" "c187" "c188"
    "c189" "c190" "c191" "c192" "c193" "c194" "c195" "c196" "c197" "c198" "c199" "c200" "c201" "c202" "c203" "c204"
    "c205" "c206" "c207" "c208" "c209" "c210" "c211" "c212" "c213" "c214" "c215" "c216" "c217" "c218" "c219" "c220"
    "c221" "c222" "c223" "c224" "c225" "c226" "c227" "c228" "c229" "c230" "c231" "c232" "c233" "c234" "c235" "c236"
    "c237" "c238" "c239" "c240" "c241" "c242" "c243" "c244" "c245" "c246" "c247" "c248" "c249" "c250" "c251" "c252"
    "c253" "c254" "c255"))
  (type $large' (enum
    "c0" "c1" "c2" "c3" "c4" "c5" "c6" "c7" "c8" "c9" "c10" "c11" "c12" "c13" "c14" "c15" "c16" "c17" "c18" "c19"
    "c20" "c21" "c22" "c23" "c24" "c25" "c26" "c27" "c28" "c29" "c30" "c31" "c32" "c33" "c34" "c35" "c36" "c37"
    "c38" "c39" "c40" "c41" "c42" "c43" "c44" "c45" "c46" "c47" "c48" "c49" "c50" "c51" "c52" "c53" "c54" "c55"
    "c56" "c57" "c58" "c59" "c60" "c61" "c62" "c63" "c64" "c65" "c66" "c67" "c68" "c69" "c70" "c71" "c72" "c73"
    "c74" "c75" "c76" "c77" "c78" "c79" "c80" "c81" "c82" "c83" "c84" "c85" "c86" "c87" "c88" "c89" "c90" "c91"
    "c92" "c93" "c94" "c95" "c96" "c97" "c98" "c99" "c100" "c101" "c102" "c103" "c104" "c105" "c106" "c107" "c108"
    "c109" "c110" "c111" "c112" "c113" "c114" "c115" "c116" "c117" "c118" "c119" "c120" "c121" "c122" "c123" "c124"
    "c125" "c126" "c127" "c128" "c129" "c130" "c131" "c132" "c133" "c134" "c135" "c136" "c137" "c138" "c139" "c140"
    "c141" "c142" "c143" "c144" "c145" "c146" "c147" "c148" "c149" "c150" "c151" "c152" "c153" "c154" "c155" "c156"
    "c157" "c158" "c159" "c160" "c161" "c162" "c163" "c164" "c165" "c166" "c167" "c168" "c169" "c170" "c171" "c172"
    "c173" "c174" "c175" "c176" "c177" "c178" "c179" "c180" "c181" "c182" "c183" "c184" "c185" "c186" "c187" "c188"
    "c189" "c190" "c191" "c192" "c193" "c194" "c195" "c196" "c197" "c198" "c199" "c200" "c201" "c202" "c203" "c204"
    "c205" "c206" "c207" "c208" "c209" "c210" "c211" "c212" "c213" "c214" "c215" "c216" "c217" "c218" "c219" "c220"
    "c221" "c222" "c223" "c224" "c225" "c226" "c227" "c228" "c229" "c230" "c231" "c232" "c233" "c234" "c235" "c236"
    "c237" "c238" "c239" "c240" "c241" "c242" "c243" "c244" "c245" "c246" "c247" "c248" "c249" "c250" "c251" "c252"
    "c253" "c254" "c255" "c256"))
  (export $small "small" (type $small'))
  (export $large "large" (type $large'))
  (core module $M
    (memory (export "memory") 1)
    (func (export "small") (param i32) (result i32)
      (i32.store (i32.const 16) (i32.const -1))
      (i32.store8 (i32.const 16) (local.get 0))
      (i32.store8 (i32.const 17) (local.get 0))
      (i32.const 16))
    (func (export "large") (param i32) (result i32)
      (i32.store (i32.const 16) (i32.const -1))
      (i32.store16 (i32.const 16) (local.get 0))
      (i32.store16 (i32.const 18) (local.get 0))
      (i32.const 16))
    (func (export "same") (param i32) (result i32) (local.get 0)))
  (core instance $m (instantiate $M))
  (func (export "of-small") (param "e" $small) (result (tuple $small u8))
    (canon lift (core func $m "small") (memory $m "memory")))
  (func (export "of-large") (param "e" $large) (result (tuple $large u16))
    (canon lift (core func $m "large") (memory $m "memory")))
  (func (export "any-small") (param "n" u32) (result $small) (canon lift (core func $m "same")))
  (func (export "any-large") (param "n" u32) (result (tuple $large u16))
    (canon lift (core func $m "large") (memory $m "memory"))))
(component instance $s $Sizes)
(assert_return (invoke "of-small" (enum.const "c0")) (tuple.const (enum.const "c0") (u8.const 0)))
(assert_return (invoke "of-small" (enum.const "c255")) (tuple.const (enum.const "c255") (u8.const 255)))
(assert_return (invoke "of-large" (enum.const "c255")) (tuple.const (enum.const "c255") (u16.const 255)))
(assert_return (invoke "of-large" (enum.const "c256")) (tuple.const (enum.const "c256") (u16.const 256)))
(assert_return (invoke "any-small" (u32.const 7)) (enum.const "c7"))
(assert_trap (invoke "any-small" (u32.const 256)) "discriminant 256 out of range [0..256)")
(component instance $s $Sizes)
(assert_trap (invoke "any-large" (u32.const 257)) "discriminant 257 out of range [0..257)")

;; Flags of 8, 16 and 32 bits: a caller's undefined bits are dropped on the way to the callee.
(component definition $Flags
  (type $f3' (flags "f0" "f1" "f2"))
  (type $f8' (flags "f0" "f1" "f2" "f3" "f4" "f5" "f6" "f7"))
  (type $f9' (flags "f0" "f1" "f2" "f3" "f4" "f5" "f6" "f7" "f8"))
  (type $f16' (flags "f0" "f1" "f2" "f3" "f4" "f5" "f6" "f7" "f8" "f9" "f10" "f11" "f12" "f13" "f14" "f15"))
  (type $f17' (flags "f0" "f1" "f2" "f3" "f4" "f5" "f6" "f7" "f8" "f9" "f10" "f11" "f12" "f13" "f14" "f15" "f16"))
  (type $f32' (flags
    "f0" "f1" "f2" "f3" "f4" "f5" "f6" "f7" "f8" "f9" "f10" "f11" "f12" "f13" "f14" "f15" "f16" "f17" "f18" "f19"
    "f20" "f21" "f22" "f23" "f24" "f25" "f26" "f27" "f28" "f29" "f30" "f31"))
  (component $Callee
    (core module $M
      (memory (export "memory") 1)
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 64))
      (func (export "same") (param i32) (result i32) (local.get 0))
      ;; The first bytes of a list of two.
      (func (export "bytes") (param i32 i32) (result i32)
        (if (i32.ne (local.get 1) (i32.const 2)) (then (unreachable)))
        (i32.load (local.get 0))))
    (core instance $m (instantiate $M))
    (type $f3' (flags "f0" "f1" "f2"))
    (export $f3 "f3" (type $f3'))
    (func (export "bits3") (param "f" $f3) (result u32) (canon lift (core func $m "same")))
    (func (export "bytes3") (param "fs" (list $f3)) (result u32)
      (canon lift (core func $m "bytes") (memory $m "memory") (realloc (func $m "realloc"))))
    (type $f8' (flags "f0" "f1" "f2" "f3" "f4" "f5" "f6" "f7"))
    (export $f8 "f8" (type $f8'))
    (func (export "bits8") (param "f" $f8) (result u32) (canon lift (core func $m "same")))
    (func (export "bytes8") (param "fs" (list $f8)) (result u32)
      (canon lift (core func $m "bytes") (memory $m "memory") (realloc (func $m "realloc"))))
    (type $f9' (flags "f0" "f1" "f2" "f3" "f4" "f5" "f6" "f7" "f8"))
    (export $f9 "f9" (type $f9'))
    (func (export "bits9") (param "f" $f9) (result u32) (canon lift (core func $m "same")))
    (func (export "bytes9") (param "fs" (list $f9)) (result u32)
      (canon lift (core func $m "bytes") (memory $m "memory") (realloc (func $m "realloc"))))
    (type $f16' (flags "f0" "f1" "f2" "f3" "f4" "f5" "f6" "f7" "f8" "f9" "f10" "f11" "f12" "f13" "f14" "f15"))
    (export $f16 "f16" (type $f16'))
    (func (export "bits16") (param "f" $f16) (result u32) (canon lift (core func $m "same")))
    (func (export "bytes16") (param "fs" (list $f16)) (result u32)
      (canon lift (core func $m "bytes") (memory $m "memory") (realloc (func $m "realloc"))))
    (type $f17' (flags "f0" "f1" "f2" "f3" "f4" "f5" "f6" "f7" "f8" "f9" "f10" "f11" "f12" "f13" "f14" "f15" "f16"))
    (export $f17 "f17" (type $f17'))
    (func (export "bits17") (param "f" $f17) (result u32) (canon lift (core func $m "same")))
    (func (export "bytes17") (param "fs" (list $f17)) (result u32)
      (canon lift (core func $m "bytes") (memory $m "memory") (realloc (func $m "realloc"))))
    (type $f32' (flags
      "f0" "f1" "f2" "f3" "f4" "f5" "f6" "f7" "f8" "f9" "f10" "f11" "f12" "f13" "f14" "f15" "f16" "f17" "f18" "f19"
      "f20" "f21" "f22" "f23" "f24" "f25" "f26" "f27" "f28" "f29" "f30" "f31"))
    (export $f32 "f32" (type $f32'))
    (func (export "bits32") (param "f" $f32) (result u32) (canon lift (core func $m "same")))
    (func (export "bytes32") (param "fs" (list $f32)) (result u32)
      (canon lift (core func $m "bytes") (memory $m "memory") (realloc (func $m "realloc")))))
  (instance $callee (instantiate $Callee))
  (component $Caller
    (import "i" (instance $i
      (type $f3' (flags "f0" "f1" "f2"))
      (export "f3" (type $f3 (eq $f3')))
      (export "bits3" (func (param "f" $f3) (result u32)))
      (export "bytes3" (func (param "fs" (list $f3)) (result u32)))
      (type $f8' (flags "f0" "f1" "f2" "f3" "f4" "f5" "f6" "f7"))
      (export "f8" (type $f8 (eq $f8')))
      (export "bits8" (func (param "f" $f8) (result u32)))
      (export "bytes8" (func (param "fs" (list $f8)) (result u32)))
      (type $f9' (flags "f0" "f1" "f2" "f3" "f4" "f5" "f6" "f7" "f8"))
      (export "f9" (type $f9 (eq $f9')))
      (export "bits9" (func (param "f" $f9) (result u32)))
      (export "bytes9" (func (param "fs" (list $f9)) (result u32)))
      (type $f16' (flags "f0" "f1" "f2" "f3" "f4" "f5" "f6" "f7" "f8" "f9" "f10" "f11" "f12" "f13" "f14" "f15"))
      (export "f16" (type $f16 (eq $f16')))
      (export "bits16" (func (param "f" $f16) (result u32)))
      (export "bytes16" (func (param "fs" (list $f16)) (result u32)))
      (type $f17' (flags "f0" "f1" "f2" "f3" "f4" "f5" "f6" "f7" "f8" "f9" "f10" "f11" "f12" "f13" "f14" "f15" "f16"))
      (export "f17" (type $f17 (eq $f17')))
      (export "bits17" (func (param "f" $f17) (result u32)))
      (export "bytes17" (func (param "fs" (list $f17)) (result u32)))
      (type $f32' (flags
        "f0" "f1" "f2" "f3" "f4" "f5" "f6" "f7" "f8" "f9" "f10" "f11" "f12" "f13" "f14" "f15" "f16" "f17" "f18" "f19"
        "f20" "f21" "f22" "f23" "f24" "f25" "f26" "f27" "f28" "f29" "f30" "f31"))
      (export "f32" (type $f32 (eq $f32')))
      (export "bits32" (func (param "f" $f32) (result u32)))
      (export "bytes32" (func (param "fs" (list $f32)) (result u32)))))
    (core module $Memory (memory (export "memory") 1))
    (core instance $memory (instantiate $Memory))
    (core func $bits3 (canon lower (func $i "bits3")))
    (core func $bytes3 (canon lower (func $i "bytes3") (memory $memory "memory")))
    (core func $bits8 (canon lower (func $i "bits8")))
    (core func $bytes8 (canon lower (func $i "bytes8") (memory $memory "memory")))
    (core func $bits9 (canon lower (func $i "bits9")))
    (core func $bytes9 (canon lower (func $i "bytes9") (memory $memory "memory")))
    (core func $bits16 (canon lower (func $i "bits16")))
    (core func $bytes16 (canon lower (func $i "bytes16") (memory $memory "memory")))
    (core func $bits17 (canon lower (func $i "bits17")))
    (core func $bytes17 (canon lower (func $i "bytes17") (memory $memory "memory")))
    (core func $bits32 (canon lower (func $i "bits32")))
    (core func $bytes32 (canon lower (func $i "bytes32") (memory $memory "memory")))
    (core module $M
      (import "" "memory" (memory 1))
      (import "" "bits3" (func $bits3 (param i32) (result i32)))
      (import "" "bytes3" (func $bytes3 (param i32 i32) (result i32)))
      (import "" "bits8" (func $bits8 (param i32) (result i32)))
      (import "" "bytes8" (func $bytes8 (param i32 i32) (result i32)))
      (import "" "bits9" (func $bits9 (param i32) (result i32)))
      (import "" "bytes9" (func $bytes9 (param i32 i32) (result i32)))
      (import "" "bits16" (func $bits16 (param i32) (result i32)))
      (import "" "bytes16" (func $bytes16 (param i32 i32) (result i32)))
      (import "" "bits17" (func $bits17 (param i32) (result i32)))
      (import "" "bytes17" (func $bytes17 (param i32 i32) (result i32)))
      (import "" "bits32" (func $bits32 (param i32) (result i32)))
      (import "" "bytes32" (func $bytes32 (param i32 i32) (result i32)))
      (func (export "bits3") (param i32) (result i32) (call $bits3 (local.get 0)))
      (func (export "bytes3") (param i64) (result i32)
        (i64.store (i32.const 8) (local.get 0))
        (call $bytes3 (i32.const 8) (i32.const 2)))
      (func (export "bits8") (param i32) (result i32) (call $bits8 (local.get 0)))
      (func (export "bytes8") (param i64) (result i32)
        (i64.store (i32.const 8) (local.get 0))
        (call $bytes8 (i32.const 8) (i32.const 2)))
      (func (export "bits9") (param i32) (result i32) (call $bits9 (local.get 0)))
      (func (export "bytes9") (param i64) (result i32)
        (i64.store (i32.const 8) (local.get 0))
        (call $bytes9 (i32.const 8) (i32.const 2)))
      (func (export "bits16") (param i32) (result i32) (call $bits16 (local.get 0)))
      (func (export "bytes16") (param i64) (result i32)
        (i64.store (i32.const 8) (local.get 0))
        (call $bytes16 (i32.const 8) (i32.const 2)))
      (func (export "bits17") (param i32) (result i32) (call $bits17 (local.get 0)))
      (func (export "bytes17") (param i64) (result i32)
        (i64.store (i32.const 8) (local.get 0))
        (call $bytes17 (i32.const 8) (i32.const 2)))
      (func (export "bits32") (param i32) (result i32) (call $bits32 (local.get 0)))
      (func (export "bytes32") (param i64) (result i32)
        (i64.store (i32.const 8) (local.get 0))
        (call $bytes32 (i32.const 8) (i32.const 2))))
    (core instance $m (instantiate $M (with "" (instance
      (export "memory" (memory $memory "memory"))
      (export "bits3" (func $bits3)) (export "bytes3" (func $bytes3))
      (export "bits8" (func $bits8)) (export "bytes8" (func $bytes8))
      (export "bits9" (func $bits9)) (export "bytes9" (func $bytes9))
      (export "bits16" (func $bits16)) (export "bytes16" (func $bytes16))
      (export "bits17" (func $bits17)) (export "bytes17" (func $bytes17))
      (export "bits32" (func $bits32)) (export "bytes32" (func $bytes32))))))
    (func (export "bits3") (param "n" u32) (result u32) (canon lift (core func $m "bits3")))
    (func (export "bytes3") (param "n" u64) (result u32) (canon lift (core func $m "bytes3")))
    (func (export "bits8") (param "n" u32) (result u32) (canon lift (core func $m "bits8")))
    (func (export "bytes8") (param "n" u64) (result u32) (canon lift (core func $m "bytes8")))
    (func (export "bits9") (param "n" u32) (result u32) (canon lift (core func $m "bits9")))
    (func (export "bytes9") (param "n" u64) (result u32) (canon lift (core func $m "bytes9")))
    (func (export "bits16") (param "n" u32) (result u32) (canon lift (core func $m "bits16")))
    (func (export "bytes16") (param "n" u64) (result u32) (canon lift (core func $m "bytes16")))
    (func (export "bits17") (param "n" u32) (result u32) (canon lift (core func $m "bits17")))
    (func (export "bytes17") (param "n" u64) (result u32) (canon lift (core func $m "bytes17")))
    (func (export "bits32") (param "n" u32) (result u32) (canon lift (core func $m "bits32")))
    (func (export "bytes32") (param "n" u64) (result u32) (canon lift (core func $m "bytes32"))))
  (instance $caller (instantiate $Caller (with "i" (instance $callee))))
  (export "bits3" (func $caller "bits3"))
  (export "bytes3" (func $caller "bytes3"))
  (export "bits8" (func $caller "bits8"))
  (export "bytes8" (func $caller "bytes8"))
  (export "bits9" (func $caller "bits9"))
  (export "bytes9" (func $caller "bytes9"))
  (export "bits16" (func $caller "bits16"))
  (export "bytes16" (func $caller "bytes16"))
  (export "bits17" (func $caller "bits17"))
  (export "bytes17" (func $caller "bytes17"))
  (export "bits32" (func $caller "bits32"))
  (export "bytes32" (func $caller "bytes32")))
(component instance $f $Flags)
(assert_return (invoke "bits3" (u32.const 0xffffffff)) (u32.const 0x7))
(assert_return (invoke "bits3" (u32.const 0x55555555)) (u32.const 0x5))
(assert_return (invoke "bits8" (u32.const 0xffffffff)) (u32.const 0xff))
(assert_return (invoke "bits8" (u32.const 0x55555555)) (u32.const 0x55))
(assert_return (invoke "bits9" (u32.const 0xffffffff)) (u32.const 0x1ff))
(assert_return (invoke "bits9" (u32.const 0x55555555)) (u32.const 0x155))
(assert_return (invoke "bits16" (u32.const 0xffffffff)) (u32.const 0xffff))
(assert_return (invoke "bits16" (u32.const 0x55555555)) (u32.const 0x5555))
(assert_return (invoke "bits17" (u32.const 0xffffffff)) (u32.const 0x1ffff))
(assert_return (invoke "bits17" (u32.const 0x55555555)) (u32.const 0x15555))
(assert_return (invoke "bits32" (u32.const 0xffffffff)) (u32.const 0xffffffff))
(assert_return (invoke "bits32" (u32.const 0x55555555)) (u32.const 0x55555555))
(assert_return (invoke "bytes3" (u64.const 0xfedcba9876543210)) (u32.const 0x200))
(assert_return (invoke "bytes8" (u64.const 0xfedcba9876543210)) (u32.const 0x3210))
(assert_return (invoke "bytes9" (u64.const 0xfedcba9876543210)) (u32.const 0x540010))
(assert_return (invoke "bytes16" (u64.const 0xfedcba9876543210)) (u32.const 0x76543210))
(assert_return (invoke "bytes17" (u64.const 0xfedcba9876543210)) (u32.const 0x3210))
(assert_return (invoke "bytes32" (u64.const 0xfedcba9876543210)) (u32.const 0x76543210))
