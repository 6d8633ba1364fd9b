/** `standin init`: a few answers become the files of a pair, which nothing is wrong with. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "../support/test.ts";
import { inDirectory, standin } from "./command.ts";
import { whyNoNetwork, withNetwork } from "./network.ts";

const skip = whyNoNetwork();
const options = skip === undefined ? {} : { skip };

test("init asks until it can use the answers, and says what comes next", async () => {
  await withNetwork("init", async ({ inside }) => {
    await inDirectory(async (directory) => {
      const answers = ["", "10.77.0.1", "10.78.0.2", "10.77.0.2", "10.77.0.2", "10.77.0.100"];
      const input = [...answers, "300", "7", "no", ""].join("\n");
      const { code, stdout, stderr } = await standin(
        ["init", "--dir", directory, "--peer-name", "far"],
        { prefix: inside, input },
      );
      assert.equal(code, 0, stderr);
      for (const problem of ["has that address itself", "not on the network", "from 1 to 255"]) {
        assert.ok(stderr.includes(problem), problem);
      }
      const names = readdirSync(directory).filter((name) => name !== "far.conf");
      assert.equal(names.length, 1);
      const [here, there] = [names[0] ?? "", "far.conf"].map((name) => join(directory, name));
      assert.match(stdout, /standin check .*far\.conf/);
      const far = readFileSync(there ?? "", "utf8");
      assert.match(far, /virtual_router_id 7 [\s\S]*unicast_src_ip 10\.77\.0\.2/);
      assert.match(far, /unicast_peer \{\s+10\.77\.0\.1\s/);
      const checked = await standin(["check", here ?? "", there ?? ""], { prefix: inside });
      assert.equal(checked.code, 0, checked.stdout);
      assert.match(checked.stdout, /2 nodes together: no problems found/);
    });
  });
}, options);

test("init asks nothing that the command line says, and writes over nothing", async () => {
  await withNetwork("init", async ({ inside }) => {
    await inDirectory(async (directory) => {
      const words = ["--interface", "eth0", "--peer", "10.77.0.2", "--vrid", "9", "--multicast"];
      const args = ["init", "--dir", directory, ...words, "--address", "10.77.0.100"];
      const first = await standin(args, { prefix: inside });
      assert.deepEqual([first.code, first.stderr], [0, ""]);
      const again = await standin(args, { prefix: inside });
      assert.equal(again.code, 1);
      assert.match(again.stderr, / and \S+ exist already; --force writes them anew/);
      const unasked = await standin(["init", "--dir", directory], { prefix: inside, input: "" });
      assert.match(
        unasked.stderr,
        /^standin init: \S+ and \S+ exist already/,
        "before all questions",
      );
      assert.equal((await standin([...args, "--force"], { prefix: inside })).code, 0);
    });
  });
}, options);
