//! `weft run --invoke`: functions that are called from the command line, on both runtimes.

use weft_tests::Case;

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = both(
        &[
            ("add(1, -2)", "-1"),
            ("test:values/sums#add(3, 4)", "7"),
            ("test:values/sums@1.2.0#add(3, 4)", "7"),
            ("text(\"weft (and) #\")", "\"weft (and) #\""),
            ("bytes([1, 2, 255])", "[1, 2, 255]"),
            ("three([1, 2, 3])", "[1, 2, 3]"),
            ("ages({x: 1, y: some(2)})", "{x: 1, y: some(2)}"),
            ("ages({x: -1})", "{x: -1}"),
            ("colours({red, blue})", "{red, blue}"),
            ("shape(square(2))", "square(2)"),
            ("checked(err)", "err"),
            ("nothing()", "()"),
            ("nothing", "()"),
        ],
        |case, result| case.lines([result]),
    );
    cases.extend(both(
        &[
            ("missing()", "it exports no function `missing`; it exports:"),
            (
                "test:values/sums#missing()",
                "it exports no function `test:values/sums#missing`",
            ),
            (
                "add(1)",
                "cannot read the arguments `(1)` of `add: func(a: s32, b: s32) -> s32`",
            ),
            ("add(1)", "expected 2 argument(s), found 1"),
            ("add(1, 2, 3)", "expected 2 argument(s), found 3"),
            (
                "add(\"x\", 1)",
                "`\"x\"` is not a value for the parameter `a: s32`: invalid value type",
            ),
            (
                "add(1, 4294967296)",
                "`4294967296` is not a value for the parameter `b: s32`: invalid value",
            ),
            ("three([1, 2])", "expected 3 element(s), found 2"),
            ("text(\"unclosed)", "cannot read the arguments"),
            ("shape(round(1))", "cannot read the arguments"),
            ("hold()", "which cannot be written as text"),
        ],
        |case, message| case.status(1).stderr([message]),
    ));
    cases.extend(both(
        &[("trap()", "unreachable"), ("surrogate()", "integer out of range")],
        |case, message| case.status(134).stderr([message]),
    ));
    // Without parentheses the program's arguments are those of the function.
    cases.push(
        Case::run("invoked.wat")
            .options(["--invoke", "add"])
            .arguments(["5", "-7"])
            .named("--invoke add 5 -7")
            .lines(["-2"]),
    );
    // A core module's function, by the name that it has there.
    cases.push(
        Case::run("plain_exports.wat")
            .options(["--invoke", "add_two(40)"])
            .lines(["42"]),
    );
    for text in ["(1)", "a:b/c#", ""] {
        cases.push(
            Case::run("invoked.wat")
                .options(["--invoke", text])
                .named(format!("--invoke {text}"))
                .status(2)
                .stderr(["expected `function(arguments)` or `interface#function(arguments)`"]),
        );
    }
    cases
}

/// The same calls on both runtimes.
fn both(calls: &[(&str, &str)], expect: impl Fn(Case, &str) -> Case) -> Vec<Case> {
    let mut cases = Vec::new();
    for (call, expected) in calls {
        for runtime in [&["--runtime", "weft"][..], &[]] {
            let case = Case::run("invoked.wat")
                .named(format!("--invoke {call} {}", runtime.join(" ")))
                .options(runtime.iter().chain(&["--invoke", *call]).copied());
            cases.push(expect(case, expected));
        }
    }
    cases
}
