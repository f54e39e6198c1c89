// What a trace never holds, neither when it is written nor when an earlier one is read.

import assert from "node:assert/strict";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import fc from "fast-check";
import { decode } from "../../src/trace/decode.ts";
import { TraceEncoder } from "../../src/trace/encode.ts";
import { codecNone, fileHeader, writeChunk, type ChunkKind } from "../../src/trace/format.ts";
import { withoutCredentials } from "../../src/trace/secrets.ts";
import type { Trace } from "../../src/trace/trace.ts";
import { testHeader } from "../support/test-header.ts";

const secret = "hunter2-Zx9Q4vLr8Tt1";

/** Each holds the secret, and something that must still be told. */
const told: readonly (readonly [text: string, kept: string])[] = [
  [
    `connect ECONNREFUSED postgres://app:${secret}@db.example:5432/orders`,
    "db.example:5432/orders",
  ],
  [`redis://:${secret}@cache:6379 timed out`, "cache:6379 timed out"],
  [`https://${secret}@api.example/v1`, "api.example/v1"],
  [`mongodb+srv://user:p@ss${secret}@cluster0.example/?retryWrites=true`, "cluster0.example"],
  [`GET https://api.example/items?page=2&access_token=${secret}&sort=up`, "page=2"],
  [`https://bucket.example/a?X-Amz-Signature=${secret}`, "bucket.example/a"],
  [`{"authorization":"Bearer ${secret}","accept":"*/*"}`, "accept"],
  [`Authorization: Basic ${secret}`, "Authorization"],
  [`proxy-authorization=${secret}`, "proxy-authorization"],
  [`401 for Bearer ${secret}`, "401 for Bearer"],
  [`set-cookie: sid=${secret}; Path=/`, "set-cookie"],
  [`node app.js --password=${secret} --port=80`, "--port=80"],
  [`DB_PASSWORD=${secret}`, "DB_PASSWORD"],
  [`bad config { apiKey: '${secret}', region: 'eu' }`, "region: 'eu'"],
  [`{"client_secret":"${secret}"}`, "client_secret"],
  [`push to ghp_${"a1B2".repeat(9)} failed`, "failed"],
  [`AKIA${"A1B2".repeat(4)} is not allowed`, "is not allowed"],
  [`token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.${secret} expired`, "expired"],
];

const untold = /hunter2|a1B2a1B2|A1B2A1B2|eyJzdWIi/;

function read(chunks: readonly Uint8Array[]): Trace {
  const { trace, problems } = decode(Buffer.concat(chunks), (bytes, rawBytes) =>
    inflateRawSync(bytes, { maxOutputLength: Math.max(1, rawBytes) }),
  );
  assert.deepEqual(problems, []);
  assert.ok(trace !== undefined);
  return trace;
}

/** As a version wrote it that left nothing out. */
function plainChunk(kind: ChunkKind, value: object): Uint8Array {
  const raw = new TextEncoder().encode(JSON.stringify(value));
  const head = { kind, codec: codecNone, thread: 0, events: 0, firstTime: 0, rawBytes: raw.length };
  return writeChunk(head, raw);
}

const configuration = {
  threads: 4,
  env: { API_KEY: secret, REGION: secret },
  execArgv: [
    "--import=./a.js",
    "--max-old-space-size=512",
    "--conditions",
    secret,
    `--x=${secret}`,
  ],
  sources: [{ kind: "lines", type: "a", path: `https://u:${secret}@host/x` }],
};
const strings = ["", ...told.map(([text]) => text)];

describe("secrets", () => {
  for (const [text, kept] of told) {
    it(`leaves the credential out of: ${text.replaceAll(/hunter2\S*/g, "...")}`, () => {
      const shown = withoutCredentials(text);
      assert.doesNotMatch(shown, untold);
      assert.ok(shown.includes(kept), shown);
    });
  }

  it("leaves text without credentials as it is", () => {
    const plain = [
      "Unexpected token } in JSON at position 17",
      "mailto:a@example.org wrote to https://example.org/@scope/pkg?page=2#top",
      "lock accounts-key waited 12 ms at src/token.ts:42",
      "bearer of bad news",
      "TypeError: Cannot read properties of undefined (reading 'secret')",
      "/home/me/project/tokens/keys.ts:12:7",
    ];
    for (const text of plain) assert.equal(withoutCredentials(text), text);
  });

  it("takes time that grows with the text alone", () => {
    // Runs of what the patterns begin with: 4 million characters each, which a backtracking one would never end.
    for (const unit of [
      "a",
      "a-",
      "a://",
      "token",
      "--token=",
      "x?key",
      "Bearer ",
      "eyJ",
      "u:p@",
    ]) {
      withoutCredentials(unit.repeat(4_000_000 / unit.length));
    }
  });

  it("are in no byte of a trace: neither values of env and arguments nor credentials", () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...strings]), (rows) => {
        const encoder = new TraceEncoder((bytes) => Uint8Array.from(bytes));
        const bytes = Buffer.concat([
          encoder.header({ ...testHeader, configuration }),
          encoder.rows("strings", rows),
          encoder.rows(
            "locks",
            rows.map((name, index) => ({ index, name, kind: "mutex" as const })),
          ),
          encoder.footer({ endNanos: 1, reason: "failed", message: rows.join(" ") }),
        ]);
        assert.doesNotMatch(bytes.toString("utf8"), untold);
      }),
    );
  });

  it("keeps the names of what it left out, and figures", () => {
    const encoder = new TraceEncoder((bytes) => deflateRawSync(bytes));
    const { header } = read([fileHeader(), encoder.header({ ...testHeader, configuration })]);
    assert.deepEqual(header.configuration, {
      threads: 4,
      env: ["API_KEY", "REGION"],
      execArgv: ["--import=…", "--max-old-space-size=512", "--conditions", "…", "--x=…"],
      sources: [{ kind: "lines", type: "a", path: "https://…@host/x" }],
    });
  });

  it("are not read from an earlier trace that holds them", () => {
    const trace = read([
      fileHeader(),
      plainChunk("header", { ...testHeader, configuration }),
      plainChunk("table", { table: "strings", rows: strings }),
      plainChunk("footer", { endNanos: 1, reason: "failed", message: strings.join(" ") }),
    ]);
    assert.doesNotMatch(JSON.stringify(trace), untold);
  });

  it("reads what it wrote alike: nothing is left out twice", () => {
    const encoder = new TraceEncoder((bytes) => deflateRawSync(bytes));
    const once = read([
      fileHeader(),
      encoder.header({ ...testHeader, configuration }),
      encoder.rows("strings", strings),
    ]);
    const again = read([
      fileHeader(),
      encoder.header(once.header),
      encoder.rows("strings", once.tables.strings),
    ]);
    assert.deepEqual(again.header, once.header);
    assert.deepEqual(again.tables.strings, once.tables.strings);
  });

  it("keeps a person's sources as they are: no line would be right without", () => {
    const encoder = new TraceEncoder((bytes) => deflateRawSync(bytes));
    const rows = [{ path: "a.ts", sha256: "", text: `const password = "${secret}";` }];
    const trace = read([fileHeader(), encoder.header(testHeader), encoder.rows("sources", rows)]);
    assert.deepEqual(trace.tables.sources, rows);
  });
});
