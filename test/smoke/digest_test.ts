/** `standin digest` against a server of this machine. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "../support/test.ts";
import { isExecutable, standin } from "./command.ts";

test("digest prints the MD5 of a page, by whatever name and version it is asked for", async () => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.httpVersion} ${request.headers.host} ${request.url}`);
    response.statusCode = request.url === "/nothing" ? 404 : 200;
    response.write("hel");
    response.end("lo\n");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const digest = createHash("md5").update("hello\n").digest("hex");
  try {
    const plain = await standin(["digest", `http://127.0.0.1:${port}/a?b`]);
    assert.deepEqual([plain.code, plain.stdout], [0, `${digest}\n`]);
    const named = ["--server", "127.0.0.1", "--virtualhost", "one.example"];
    const chunked = await standin([
      "digest",
      `http://two.example:${port}/`,
      ...named,
      "--http-protocol",
      "1.1",
      "--json",
    ]);
    assert.equal(JSON.parse(chunked.stdout).digest, digest);
    assert.deepEqual(asked, [`1.0 127.0.0.1:${port} /a?b`, "1.1 one.example /"]);
    const missing = await standin(["digest", `http://127.0.0.1:${port}/nothing`]);
    assert.equal(missing.code, 1);
    assert.match(missing.stderr, /status 404/);
    assert.equal((await standin(["digest", "ftp://127.0.0.1/"])).code, 2);
    const words = ["-s", "127.0.0.1", "-p", `${port}`];
    const hashed = await standin(["-T", ...words, "-u", "/nothing", "-V", "one.example"]);
    assert.deepEqual([hashed.code, hashed.stdout], [0, `${digest}\n`], "whatever the status is");
    assert.equal(asked.at(-1), "1.0 one.example /nothing");
    const later = await standin(["--genhash", ...words, "--url=/a", "-P", "1.1", "-v"]);
    assert.match(
      later.stdout,
      new RegExp(`^${digest}\n\nGlobal response time for \\[/a\\] = \\d+`),
    );
    assert.equal((await standin(["-T", "-s", "127.0.0.1"])).code, 1);
    if (isExecutable) {
      const named = await standin([...words, "-u", "/a"], { calledAs: "genhash" });
      assert.deepEqual([named.code, named.stdout], [0, `${digest}\n`]);
    }
  } finally {
    server.close();
  }
});
