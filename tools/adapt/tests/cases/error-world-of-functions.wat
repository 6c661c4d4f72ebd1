;; The section names an interface `a:b/c` and gives it the type of a function, which makes wit-component panic.
(module
  (func (export "f"))
  (@custom "component-type:x" "\00asm\0d\00\01\00\07%\01A\02\01A\02\01@\00\01\00\03\00\05q:r/s\01\00\04\00\0ba:b/c@1.0.0\04\00\0b\07\01\00\01c\03\00\00\00\19\16wit-component-encoding\04\00"))
