/** The client's side of `standin plan`, against a daemon that answers what it is told to. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { controlSocket } from "../../../lib/cli/paths.ts";
import { renderPlan, runPlan } from "../../../lib/cli/plan.ts";
import { test } from "../../support/test.ts";

const quiet = { possible: true, file: "/own.conf", blocks: [], untouched: 3, diagnostics: [] };
const block = {
  block: "vrrp_instance",
  name: "VI_1",
  changes: ["priority 100 → 150"],
  consequences: ["the next advert says it"],
};

/** The exit code of `standin plan FILE`, and the question that the daemon got. */
async function planAgainst(
  answer: unknown,
  file?: string,
  status = 200,
): Promise<{ code: number; heard: string[] }> {
  const runDir = mkdtempSync(join(tmpdir(), "standin-plan-"));
  const heard: string[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (part) => body += part);
    request.on("end", () => {
      heard.push(`${request.method} ${request.url} ${body}`);
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify(answer));
    });
  });
  try {
    await new Promise<void>((done) => server.listen(controlSocket(runDir), done));
    return { code: await runPlan({ file, runDir, json: false }), heard };
  } finally {
    server.closeAllConnections();
    server.close();
    rmSync(runDir, { recursive: true, force: true });
  }
}

test("plan exits with 0 when nothing would change and with 2 when something would", async () => {
  assert.equal((await planAgainst(quiet)).code, 0);
  assert.equal((await planAgainst({ ...quiet, blocks: [block] })).code, 2);
});

test("plan sends the absolute path of a file, and none for the daemon's own", async () => {
  const path = resolve("some.conf");
  assert.deepEqual((await planAgainst(quiet)).heard, ["POST /plan {}"]);
  const { heard } = await planAgainst(quiet, "some.conf");
  assert.deepEqual(heard, [`POST /plan ${JSON.stringify({ file: path })}`]);
});

test("plan of a file that would be refused exits as check does", async () => {
  for (
    const [severity, code] of [["error", 5], ["security", 6], ["fatal", 4]] as const
  ) {
    const diagnostics = [{ code: "c", severity, message: "M" }];
    const answer = { ...quiet, possible: false, diagnostics };
    assert.equal((await planAgainst(answer)).code, code, severity);
  }
});

test("plan without a daemon exits with 3, and with 1 when the answer is no plan", async () => {
  assert.equal(await runPlan({ file: undefined, runDir: "/nonexistent", json: false }), 3);
  assert.equal((await planAgainst({ error: "no route POST /plan" }, undefined, 404)).code, 1);
});

test("renderPlan() groups changes by block, with what follows below", () => {
  const title = "vrrp_instance VI_1";
  const { changes, consequences } = block;
  assert.equal(
    renderPlan("/f.conf", [{ title, changes, consequences }], 1),
    "A reload of /f.conf would change:\nvrrp_instance VI_1\n  priority 100 → 150\n" +
      "    - the next advert says it\n1 other block is not touched",
  );
  assert.equal(renderPlan("/f.conf", [], 3), "A reload of /f.conf would change nothing");
});
