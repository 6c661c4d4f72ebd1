// A function that traps, in a component without threads. The test compares the lines.
static int __attribute__((noinline)) divide(int number, int by) { return number / by; }

__attribute__((export_name("divide"))) int entry(int number, int by) {
    return divide(number, by) + 1;
}
