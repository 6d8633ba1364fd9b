/** `standin fmt`, `convert` and `schema`, and JSON files where a configuration is asked for. */
import assert from "node:assert/strict";
import {
  chmodSync,
  lstatSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { test } from "../support/test.ts";
import { inDirectory, outcomeOf, standin, start } from "./command.ts";

const ugly =
  "# one\nglobal_defs { dynamic_interfaces }\nvrrp_instance VI_1\n{\ninterface   lan0\n" +
  "virtual_router_id 51 # why\nvirtual_ipaddress { 10.77.0.100/24 dev lan1 }\n}\n";

const pretty = `# one
global_defs {
    dynamic_interfaces
}
vrrp_instance VI_1 {
    interface lan0
    virtual_router_id 51 # why
    virtual_ipaddress {
        10.77.0.100/24 dev lan1
    }
}
`;

/** Runs a body in a directory with a few files. */
async function withFiles(
  files: Readonly<Record<string, string | Uint8Array>>,
  body: (path: (name: string) => string) => Promise<void>,
): Promise<void> {
  await inDirectory(async (directory) => {
    for (const [name, content] of Object.entries(files)) {
      writeFileSync(join(directory, name), content);
    }
    await body((name) => join(directory, name));
    assert.deepEqual(readdirSync(directory).filter((name) => name.endsWith(".new")), []);
  });
}

test("fmt prints, --check only tells, --write writes", async () => {
  await withFiles({ "a.conf": ugly }, async (path) => {
    const file = path("a.conf");
    assert.deepEqual(await standin(["fmt", file]), { code: 0, stdout: pretty, stderr: "" });
    const told = { stdout: `${file}\n`, stderr: "" };
    assert.deepEqual(await standin(["fmt", "--check", file]), { code: 1, ...told });
    assert.equal(readFileSync(file, "utf8"), ugly);
    assert.deepEqual(await standin(["fmt", "--write", file]), { code: 0, ...told });
    assert.equal(readFileSync(file, "utf8"), pretty);
    const nothing = { code: 0, stdout: "", stderr: "" };
    assert.deepEqual(await standin(["fmt", "--check", file]), nothing);
    assert.deepEqual(await standin(["fmt", "--write", file]), nothing);
  });
});

test("fmt --write keeps mode, encoding and the link to the file", async () => {
  const latin1 = Uint8Array.from("# caf\u00e9\na  b\n", (character) => character.charCodeAt(0));
  await withFiles({ "a.conf": latin1 }, async (path) => {
    chmodSync(path("a.conf"), 0o640);
    symlinkSync("a.conf", path("b.conf"));
    assert.equal((await standin(["fmt", "-w", path("b.conf")])).code, 0);
    assert.ok(lstatSync(path("b.conf")).isSymbolicLink());
    assert.equal(statSync(path("a.conf")).mode & 0o777, 0o640);
    assert.equal(readFileSync(path("a.conf"), "latin1"), "# caf\u00e9\na b\n");
  });
});

test("fmt is a filter without a file", async () => {
  const prefix = ["sh", "-c", 'printf "a  {b}" | "$@"', "sh"];
  const outcome = await outcomeOf(start(["fmt"], { prefix }));
  assert.deepEqual(outcome, { code: 0, stdout: "a {\n    b\n}\n", stderr: "" });
});

test("fmt leaves a broken file as it was, and formats the others", async () => {
  await withFiles({ "a.conf": "a {\n", "b.conf": "a  b\n" }, async (path) => {
    const files = [path("a.conf"), path("b.conf"), path("none.conf")];
    const { code, stdout, stderr } = await standin(["fmt", "--write", ...files]);
    assert.equal(code, 5);
    assert.equal(stdout, `${path("b.conf")}\n`);
    assert.match(stderr, /a\.conf:1:1: error\[missing-brace\]/);
    assert.match(stderr, /cannot read ".*none\.conf"/);
    assert.equal(readFileSync(path("a.conf"), "utf8"), "a {\n");
    const json = await standin(["fmt", "--check", "--json", ...files.slice(0, 2)]);
    const said = JSON.parse(json.stdout) as {
      exitStatus: number;
      files: { outcome: string; diagnostics: { code: string }[] }[];
    };
    assert.deepEqual([json.code, said.exitStatus], [5, 5]);
    assert.deepEqual(said.files.map(({ outcome }) => outcome), ["refused", "same"]);
    assert.equal(said.files[0]?.diagnostics[0]?.code, "missing-brace");
  });
});

test("convert goes to JSON and back, and the JSON is checked like any configuration", async () => {
  await withFiles(
    { "a.conf": `include b*\n${ugly}`, "b.conf": "status_listen off" },
    async (path) => {
      const { code, stdout, stderr } = await standin(["convert", path("a.conf")]);
      assert.deepEqual([code, stderr], [0, ""]);
      assert.deepEqual(JSON.parse(stdout), {
        status_listen: "off",
        global_defs: { dynamic_interfaces: true },
        vrrp_instance: {
          VI_1: {
            interface: "lan0",
            virtual_router_id: 51,
            virtual_ipaddress: [{ address: "10.77.0.100/24", dev: "lan1" }],
          },
        },
      });
      writeFileSync(path("c.json"), stdout);
      const checked = await standin(["check", path("c.json")]);
      assert.equal(checked.code, 0, checked.stdout);
      const back = await standin(["convert", path("c.json"), "-o", path("d.conf")]);
      assert.deepEqual(back, { code: 0, stdout: "", stderr: "" });
      const text = readFileSync(path("d.conf"), "utf8");
      assert.match(
        text,
        /^@standin status_listen off\n\nglobal_defs \{\n {4}dynamic_interfaces\n\}/,
      );
      assert.equal((await standin(["convert", path("d.conf")])).stdout, stdout);
      assert.equal((await standin(["fmt", "--check", path("d.conf")])).code, 0);
      writeFileSync(path("c.json"), stdout.replace('"dev"', '"devv"'));
      const wrong = await standin(["check", path("c.json")]);
      assert.equal(wrong.code, 5);
      assert.match(wrong.stdout, /c\.json:11:40: error\[unknown-option\].*\n.*\n.*\n.*"dev"\?/);
    },
  );
});

test("convert writes nothing of what it can not read", async () => {
  await withFiles({ "a.conf": "a {\n", "b.json": "{" }, async (path) => {
    for (const [file, code] of [["a.conf", 5], ["b.json", 4], ["none.conf", 4]] as const) {
      const outcome = await standin(["convert", path(file), "-o", path("out")]);
      assert.deepEqual([outcome.code, outcome.stdout], [code, ""]);
      assert.match(outcome.stderr, /error|fatal/);
      assert.ok(!readdirSync(path(".")).includes("out"));
    }
  });
});

test("schema prints a JSON Schema", async () => {
  const { code, stdout } = await standin(["schema"]);
  assert.equal(code, 0);
  const schema = JSON.parse(stdout) as { $schema: string; properties: object };
  assert.equal(schema.$schema, "https://json-schema.org/draft/2020-12/schema");
  assert.ok("vrrp_instance" in schema.properties);
});
