/**
 * The world of the reader behind the gateway, run as a program: `world.ts DIRECTORY`. Over HTTPS it
 * hands out the release in the directory as GitHub does, and a page to everybody who asks for
 * something else; over HTTP, that page.
 */
import { createReadStream, existsSync, readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { basename, join } from "node:path";
import process from "node:process";

const [, , directory = ""] = process.argv;

function answer({ url = "" }: IncomingMessage, response: ServerResponse): void {
  const released =
    /^\/standin-ha\/standin\/releases\/(latest\/download|download\/v[\d.]+)\/[\w.-]+$/;
  const file = join(directory, basename(url));
  if (!url.includes("/releases/")) response.end("It works.\n");
  else if (!released.test(url) || !existsSync(file)) response.writeHead(404).end();
  else createReadStream(file).pipe(response);
}

const [key, cert] = ["key.pem", "cert.pem"].map((name) => readFileSync(join(directory, name)));
createTlsServer({ key, cert }, answer).listen(443, () => {
  createServer(answer).listen(80, () => console.log("the world is there"));
});
