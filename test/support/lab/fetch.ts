/**
 * Asks one address over HTTP and prints the answer as JSON: curl for the inside of a namespace,
 * with no need of curl. Run as a program: `fetch.ts URL`, or `fetch.ts URL TOKEN` to command.
 */
import process from "node:process";

const [url = "", token] = process.argv.slice(2);
const response = await fetch(
  url,
  token === undefined ? {} : { method: "POST", headers: { Authorization: `Bearer ${token}` } },
);
console.log(JSON.stringify({
  status: response.status,
  contentType: response.headers.get("content-type") ?? "",
  body: await response.text(),
}));
