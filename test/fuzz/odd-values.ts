// Values that stand in a stranger's JSON where others are expected.

/** Each is JSON text: some can't be written from a value. */
export const oddValues: readonly string[] = [
  ..."null true false 0 1 -1 0.5 7 255 1023 1024 65535 65536 1e9 1e300 -1e300 1e999".split(" "),
  ..."2147483647 2147483648 -2147483648 4294967295 9007199254740991 9007199254740993".split(" "),
  ...["[]", "{}", "[null]", "[[]]", '[{"index":0}]', '{"length":3}', '{"a":{"b":{"c":1}}}'],
  ...[
    '""',
    '"0"',
    '"-1"',
    '"1e300"',
    '"x"',
    '"leader-followers"',
    '"pool"',
    '"mutex"',
    '"completed"',
  ],
  ...["__proto__", "constructor", "toString", "hasOwnProperty", "length"].map(
    (name) => `"${name}"`,
  ),
  ...['{"toString":null}', '{"valueOf":1,"toString":2}', '{"__proto__":{"x":1}}', '{"toJSON":1}'],
  ...['"\\ud800"', '"a\\udc00b"', '"a\\u0000b"', '"\\u202e\\u001b[31m\\r"', '"# | ` <b> @x\\n- 1"'],
  ...[
    '"../../../../etc/passwd"',
    '"/dev/zero"',
    '"C:\\\\x\\\\y"',
    '"\\\\\\\\host\\\\share"',
    '"file:///x"',
  ],
  ...['"DeadlockError: x"', '"poolscope:queue"', '"a.mjs"', '"%"', '"%00"', '"handlers.mjs"'],
  JSON.stringify("long ".repeat(20_000)),
  `${"[".repeat(1000)}${"]".repeat(1000)}`,
  `${'{"a":'.repeat(200)}1${"}".repeat(200)}`,
  `${"[".repeat(50_000)}${"]".repeat(50_000)}`,
  `[${"0,".repeat(20_000)}0]`,
  `[${'"x",'.repeat(30_000)}"x"]`,
];

/** Numbers for columns of events. */
export const oddNumbers: readonly number[] = [
  ...[0, 1, 2, 3, 4, 5, 7, 8, 64, 255, 256, 1000, 1023, 1024, 65_535, 65_536, 1_000_000],
  ...[-1, -2, -3, -1024, -65_536, 2 ** 24 - 1, 2 ** 31 - 1, 2 ** 31 - 2, -(2 ** 31), 2 ** 30],
];

export const oddTimes: readonly number[] = [
  ...[0, 1, -1, 0.5, 1e6, 1e9, 1e12, 1e15, 1e18, 1e300, -1e300, -1e9],
  ...[2 ** 31, 2 ** 32, 2 ** 53 - 1, 2 ** 53, 2 ** 53 + 2, Number.NaN, Infinity, -Infinity],
];
