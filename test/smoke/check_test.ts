/** `standin check` and `standin -t` over good, bad, missing, empty and meaningless files. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "../support/test.ts";
import { inDirectory, type Outcome, standin } from "./command.ts";

/** Its interface need not be there: where it is not, that is worth a warning and no more. */
const good = `\
global_defs {
    dynamic_interfaces
}
vrrp_instance VI_1 {
    interface lan0
    virtual_router_id 51
    priority 100
    virtual_ipaddress {
        10.77.0.100/24
    }
}
`;

const misspelt = good.replace("priority", "prioritty");

/** Runs a body with the path of a file of the given content. */
async function withFile(
  content: string | Uint8Array,
  body: (file: string) => Promise<void>,
): Promise<void> {
  await inDirectory(async (directory) => {
    const file = join(directory, "keepalived.conf");
    writeFileSync(file, content);
    await body(file);
  });
}

function assertCalm({ stdout, stderr }: Outcome): void {
  assert.doesNotMatch(stdout + stderr, /^\s+at .*:\d+|TypeError|undefined/m);
}

test("check of a good file exits with 0", async () => {
  await withFile(good, async (file) => {
    const { code, stdout, stderr } = await standin(["check", file]);
    assert.deepEqual([code, stderr], [0, ""], stdout);
    assert.match(stdout, /: (no problems found|1 warning)\n$/);
  });
});

test("check of a misspelt keyword exits with 5 and shows where", async () => {
  await withFile(misspelt, async (file) => {
    const outcome = await standin(["check", file]);
    assert.equal(outcome.code, 5);
    assert.ok(outcome.stdout.includes(`${file}:7:5`), outcome.stdout);
    assert.match(outcome.stdout, /prioritty/);
    assert.match(outcome.stdout, /\^/);
    assert.match(
      outcome.stdout,
      /\nA start works, without what is an error; a reload is refused\.\n$/,
    );
    assertCalm(outcome);
  });
});

test("check --json is for programs", async () => {
  await withFile(misspelt, async (file) => {
    const { code, stdout } = await standin(["check", "--json", file]);
    const { exitStatus, files } = JSON.parse(stdout);
    assert.deepEqual([code, exitStatus], [5, 5]);
    assert.equal(files[0].file, file);
    const found = files[0].diagnostics.filter((remark: { severity: string }) =>
      remark.severity === "error"
    );
    assert.deepEqual(found.map(({ span }: { span: object }) => span), [
      { file, line: 7, column: 5, length: 9 },
    ]);
  });
});

test("check of a missing file or a directory exits with 4", async () => {
  await inDirectory(async (directory) => {
    for (const file of [join(directory, "none.conf"), directory]) {
      const outcome = await standin(["check", file]);
      assert.equal(outcome.code, 4, file);
      assert.ok(outcome.stdout.includes(file), outcome.stdout);
      assertCalm(outcome);
    }
  });
});

test("of several files the worst decides", async () => {
  await inDirectory(async (directory) => {
    const [fine, bad, none] = ["fine", "bad", "none"].map((name) => join(directory, name));
    assert.ok(fine !== undefined && bad !== undefined && none !== undefined);
    writeFileSync(fine, good);
    writeFileSync(bad, misspelt);
    assert.equal((await standin(["check", fine, bad])).code, 5);
    assert.equal((await standin(["check", bad, none, fine])).code, 4);
  });
});

test("two files are nodes of one cluster, and what does not fit names both", async () => {
  await inDirectory(async (directory) => {
    const [first, second] = ["first.conf", "second.conf"].map((name) => join(directory, name));
    assert.ok(first !== undefined && second !== undefined);
    const elsewhere = good.replace("dynamic_interfaces", "").replace("100\n", "150\n");
    writeFileSync(first, elsewhere);
    writeFileSync(second, good.replace("router_id 51", "router_id 52"));
    const { code, stdout } = await standin(["check", first, second]);
    assert.equal(code, 5, stdout);
    assert.ok(stdout.includes(`${second}:6:5: error[cluster-vrid]`), stdout);
    assert.ok(stdout.includes(`(${first}:6)`), stdout);
    assert.doesNotMatch(stdout, /no-interface/, "the other node's interfaces are not here");
    const { cluster } = JSON.parse((await standin(["check", "--json", first, second])).stdout);
    assert.deepEqual(
      cluster.map(({ file, range, docs }: Record<string, unknown>) => {
        return { file, range, docs };
      }),
      [{
        file: second,
        range: { start: { line: 6, column: 5 }, end: { line: 6, column: 25 } },
        docs: "docs/diagnostics/cluster-vrid.md",
      }],
    );
    writeFileSync(second, good);
    assert.equal((await standin(["check", first, second])).code, 0);
  });
});

test("check --as takes one file as that of several nodes", async () => {
  const shared = good.replace("    priority 100\n", "    @a priority 100\n    @b advert_int 2\n");
  await withFile(shared.replace("VI_1", "VI_1 extra"), async (file) => {
    const { code, stdout } = await standin(["check", "--as", "a,b", file]);
    assert.equal(code, 5, stdout);
    assert.ok(stdout.includes(`${file}:8:8: error[cluster-interval]`), stdout);
    assert.match(stdout, /as a: 1 error\n/);
    assert.match(stdout, /as b: 1 error, 1 as above\n/);
    const { files } = JSON.parse((await standin(["check", "--json", "--as", "a,b", file])).stdout);
    assert.deepEqual(
      files.map(({ file, diagnostics }: { file: string; diagnostics: unknown[] }) => {
        return [file, diagnostics.length];
      }),
      [[`${file} as a`, 1], [`${file} as b`, 1]],
    );
    assert.equal((await standin(["check", "--as", "a", file])).code, 5);
  });
});

test("check of an empty file does not fail", async () => {
  for (const content of ["", "\n\n", "# nothing but a comment\n"]) {
    await withFile(content, async (file) => {
      const outcome = await standin(["check", file]);
      assert.equal(outcome.code, 0, outcome.stdout);
      assertCalm(outcome);
    });
  }
});

test("check survives files without any meaning", async () => {
  let state = 20_260_102;
  function random(): number {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state >>> 16;
  }
  const noise = Uint8Array.from({ length: 20_000 }, random);
  const braces = Array.from({ length: 2000 }, () => '{}"$@!#\\ \nvrrp_instance'[random() % 24]);
  for (const content of [noise, braces.join(""), "{".repeat(5000), "\0".repeat(100)]) {
    await withFile(content, async (file) => {
      const outcome = await standin(["check", file]);
      assert.ok([0, 4, 5, 6].includes(outcome.code ?? -1), `exit ${outcome.code}`);
      assert.doesNotMatch(outcome.stdout + outcome.stderr, /^\s+at .*:\d+|TypeError/m);
    });
  }
});

test("-t exits as keepalived's -t does and tells on standard error", async () => {
  await withFile(good, async (file) => {
    const { code, stdout } = await standin(["-t", "-f", file]);
    assert.deepEqual([code, stdout], [0, ""]);
  });
  await withFile(misspelt, async (file) => {
    for (const args of [["-t", "-f", file], ["--config-test", `--use-file=${file}`]]) {
      const { code, stdout, stderr } = await standin(args);
      assert.deepEqual([code, stdout], [5, ""]);
      assert.match(stderr, /^\(Line 7\) .*prioritty/m);
    }
    const { code } = await standin(["-t", "-f", `${file}.none`]);
    assert.equal(code, 4);
  });
});

test("-t -e asks for every file that is included", async () => {
  await withFile(`${good}include none.conf\n`, async (file) => {
    assert.equal((await standin(["-t", "-f", file])).code, 0);
    const { code, stderr } = await standin(["-t", "--all-config", "-f", file]);
    assert.equal(code, 4);
    assert.match(stderr, /^\(Line 12\) .*none\.conf/m);
  });
});

test("-t with a name writes its remarks to that file", async () => {
  await withFile(misspelt, async (file) => {
    for (const [index, option] of ["-t", "--config-test="].entries()) {
      const log = `${file}.log${index}`;
      const { code, stdout, stderr } = await standin([`${option}${log}`, "-f", file]);
      assert.deepEqual([code, stdout, stderr], [5, "", ""]);
      assert.match(readFileSync(log, "utf8"), /^\(Line 7\) /m);
    }
  });
});

test("check refuses a file that somebody may execute, as keepalived does", async () => {
  await inDirectory(async (directory) => {
    const file = join(directory, "executable.conf");
    writeFileSync(file, good, { mode: 0o755 });
    const outcome = await standin(["check", file]);
    assert.equal(outcome.code, 4, outcome.stdout);
    assertCalm(outcome);
  });
});

test("check, -t and the daemon's reader judge patterns and files for TLS", async () => {
  const served = `SSL {\nca /nowhere\n}\nvirtual_server 10.0.0.1 80 {\nlvs_sched rr\n` +
    "lvs_method NAT\nprotocol TCP\nreal_server 10.0.1.1 80 {\nSSL_GET {\nurl {\npath /\n" +
    'regex "a(b"\n}\n}\n}\n}\n';
  await withFile(served, async (file) => {
    for (const words of [["check", file], ["-t", "-f", file], ["read-config", file]]) {
      const { code, stdout, stderr } = await standin(words);
      assert.equal(code, words[0] === "read-config" ? 0 : 5, words[0]);
      assert.match(stdout + stderr, /Cannot use regex for SSL_GET.*missing closing parenthesis/);
      assert.match(stdout + stderr, /Cannot use ca .*\/nowhere.* for SSL now/);
    }
  });
});
