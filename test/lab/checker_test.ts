/**
 * Every checker against servers that we did not write: nginx, dnsmasq, msmtpd, the kernel's echo.
 * What must be right is down until it was (alpha); what must be wrong says why. The balancer needs
 * no IPVS for that.
 */
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createHash } from "node:crypto";
import { certificate, certificateKey } from "../support/certificate.ts";
import { poll } from "../support/lab/bell.ts";
import type { Lab, Node } from "../support/lab/lab.ts";
import { filesOf, standinWords, whyNoLab } from "../support/lab/makes.ts";
import { ask, scriptWords } from "../support/lab/standin.ts";
import { Stories } from "../support/lab/story.ts";

const programs = { nginx: "/usr/sbin/nginx", dns: "/usr/sbin/dnsmasq", mail: "/usr/bin/msmtpd" };
const missing = Object.values(programs).filter((path) => !existsSync(path));
const skip = whyNoLab() ?? (missing.length === 0 ? undefined : `needs ${missing.join(", ")}`);
const options = skip === undefined ? {} : { skip };
const stories = new Stories(1);

const server = "10.77.0.2";
const page = "hello from nginx\n";
const digest = createHash("md5").update(page).digest("hex");
/** A query for A of check.example with the number 0xcafe. */
const query = "cafe 0100 0001 0000 0000 0000 05 636865636b 07 6578616d706c65 00 0001 0001";
const queried = `connect_port 53\npayload ${query}`;

/** One check of a server of its own, and how it must come out: `true`, or why it fails. */
type Case = readonly [name: string, checker: string, expected: true | RegExp];

const get = (lines: string, url = ""): string =>
  `HTTP_GET {\n${lines}\nurl {\npath /\n${url}\n}\n}`;
const secure = (lines: string, url = ""): string =>
  get(`connect_port 443\n${lines}`, url).replace("HTTP", "SSL");

const cases: readonly Case[] = [
  ["HTTP/1.0", get(""), true],
  ["HTTP/1.1 with a digest", get("http_protocol 1.1", `digest ${digest}`), true],
  ["a wrong digest", get("", `digest ${"0".repeat(32)}`), new RegExp(`digest ${digest}, expected`)],
  ["a regex", get("", 'regex "^HELLO .* nginx$"\nregex_options caseless multiline'), true],
  ["another regex", get("", 'regex "apache"'), /does not match/],
  ["redirects in a circle", get("").replace("path /", "path /circle"), /status 302, expected 200/],
  ["a wanted 302", get("", "status_code 302").replace("path /", "path /circle"), true],
  ["a gigabyte", get("").replace("path /", "path /gigabyte"), /body is longer/],
  ["a virtual host", get("virtualhost other.example", 'regex "other"'), true],
  ["source address and port", get("bindto 10.77.0.11\nbind_port 40123\nvirtualhost seen"), true],
  ["an interface that is not there", get("bind_if eth9"), /No such device/i],
  ["a mark that is not let through", get("fwmark 7"), /Permission denied|Network is unreach/i],
  ["IPv6", get("connect_ip 2001:db8:77::2"), true],
  ["a link-local address", get("connect_ip fe80::2\nbind_if eth0"), true],
  ["TLS", secure(""), true],
  ["TLS with a name", secure("enable_sni\nvirtualhost other.example", 'regex "other"'), true],
  ["TLS with a client certificate", secure("connect_port 444\ntls_compliant"), true],
  ["TLS where there is none", secure("").replace("443", "80"), /TLS|closed|SSL/i],
  ["nobody listens", get("connect_port 9"), /refused/i],
  ["never an answer", get("connect_port 91"), /no whole answer within 1 s/],
  ["an octet at a time", get("connect_port 92"), /no whole answer within 1 s/],
  ["TCP", "TCP_CHECK {\n}", true],
  ["SMTP", "SMTP_CHECK {\nconnect_port 25\n}", true],
  ["SMTP to a web server", "SMTP_CHECK {\n}", /no whole answer|not SMTP|closed/],
  ["DNS", "DNS_CHECK {\nconnect_port 53\ntype A\nname check.example\n}", true],
  ["DNS, refused", "DNS_CHECK {\nconnect_port 53\nname other.example\n}", /answer is REFUSED/],
  ["UDP", "UDP_CHECK {\nconnect_port 53\n}", true],
  ["UDP to a closed port", "UDP_CHECK {\nconnect_port 9\n}", /refused/i],
  [
    "UDP with a reply",
    `UDP_CHECK {\n${queried}\nrequire_reply cafe 8x xx\nmin_reply_length 30\n}`,
    true,
  ],
  [
    "UDP with another reply",
    `UDP_CHECK {\n${queried}\nrequire_reply beef\n}`,
    /octet 0 of the reply/,
  ],
  [
    "UDP with an echo",
    "UDP_CHECK {\nconnect_port 7\npayload beef 0123\nrequire_reply beef 0123\n}",
    true,
  ],
  ["an echo", "PING_CHECK {\n}", true],
  ["an echo over IPv6", "PING_CHECK {\nconnect_ip 2001:db8:77::2\n}", true],
  ["no echo", "PING_CHECK {\nconnect_ip 10.77.0.99\n}", /no echo reply|No route|unreachable/i],
  ["an agent", 'AGENT_CHECK {\nconnect_port 93\nsend "how\\n"\n}', true],
  ["an agent that says down", "AGENT_CHECK {\nconnect_port 94\n}", /agent says down: too hot/],
  ["a script", "MISC_CHECK {\nmisc_path \"/bin/sh -c 'exit 0'\"\nuser root\n}", true],
  ["a failing script", "MISC_CHECK {\nmisc_path \"/bin/sh -c 'exit 3'\"\nuser root\n}", /exit 3/],
];

/** One virtual server for each case; what must be right is down at first. */
function configuration(files: { certificate: string; key: string }): string {
  const services = cases.map(([, checker, expected], index) =>
    `virtual_server 10.99.0.${index + 1} 80 {
      protocol TCP
      lvs_sched rr
      lvs_method NAT
      delay_loop 0.5
      delay_before_retry 0.1
      warmup 0
      connect_timeout 1
      real_server ${server} 80 {
        ${expected === true ? "alpha" : ""}
        ${checker}
      }
    }`
  );
  return `SSL {\ncertificate ${files.certificate}\nkey ${files.key}\n}\n${services.join("\n")}\n`;
}

function startServers(lab: Lab, node: Node): void {
  const { directory } = node;
  const file = (name: string, text: string): string => {
    const path = join(directory, name);
    writeFileSync(path, text);
    return path;
  };
  const [cert, key] = [file("cert.pem", certificate), file("key.pem", certificateKey)];
  const tls = `ssl_certificate ${cert}; ssl_certificate_key ${key};`;
  const listen = (port: string): string => `listen ${port}; listen [::]:${port};`;
  const places = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) =>
    `${name}_temp_path ${directory}/${name};`
  );
  const config = file(
    "nginx.conf",
    `daemon off; master_process off; user root; pid ${directory}/nginx.pid;
    error_log stderr; events {}
    http {
      ${places.join(" ")}
      log_format seen '$remote_addr $remote_port $host "$request" $ssl_server_name';
      access_log ${directory}/access.log seen;
      server {
        ${listen("80")} ${listen("443 ssl")} ${tls} server_name usual;
        location = / { return 200 "${page.trim()}\\n"; }
        location = /circle { return 302 /circle; }
        location = /gigabyte { alias ${directory}/gigabyte; }
      }
      server { ${listen("80")} ${listen("443 ssl")} ${tls} server_name other.example;
        location / { return 200 other; } }
      server { ${listen("444 ssl")} ${tls} ssl_client_certificate ${cert}; ssl_verify_client on;
        location / { return 200 proved; } }
    }`,
  );
  lab.start(node, ["sh", "-c", `truncate -s 1G ${directory}/gigabyte; exec nginx -c ${config}`]);
  startDns(lab, node);
  lab.start(node, [programs.mail, `--interface=${server}`, "--port=25", "--command=true"]);
  lab.start(node, [...scriptWords("echo.ts"), server, "7"]);
  lab.start(node, ["busybox", "nc", "-ll", "-p", "91", "-e", "sleep", "60"]);
  const agents = [["93", 'read -r line; echo "ready up 50%"'], ["94", "echo 'down #too hot'"]];
  for (const [port = "", script = ""] of agents) {
    lab.start(node, ["busybox", "nc", "-ll", "-p", port, "-e", "sh", "-c", script]);
  }
  const slowly = "while sleep 0.2; do printf x; done";
  lab.start(node, ["busybox", "nc", "-ll", "-p", "92", "-e", "sh", "-c", slowly]);
}

function startDns(lab: Lab, node: Node): ReturnType<Lab["start"]> {
  const words = "--keep-in-foreground --conf-file=/dev/null --no-resolv --no-hosts --user=root " +
    "--pid-file= --address=/check.example/192.0.2.1";
  return lab.start(node, [programs.dns, ...words.split(" ")]);
}

interface CheckStatus {
  readonly up: boolean;
  readonly failure: string | null;
}

async function checksOf(node: Node): Promise<CheckStatus[]> {
  const { virtualServers } = JSON.parse((await ask(node, "/status")).body);
  return virtualServers.map((one: { realServers: { checks: CheckStatus[] }[] }) =>
    one.realServers[0]?.checks[0]
  );
}

function isAsExpected([, , expected]: Case, check: CheckStatus | undefined): boolean {
  if (check === undefined) return false;
  if (expected === true) return check.up && check.failure === null;
  return !check.up && check.failure !== null && expected.test(check.failure);
}

stories.tell("every checker tells servers that work from those that do not", async (lab) => {
  const { a, b } = await lab.pair({ mayBeMalformed: true });
  a.namespace.batch([
    "address add 10.77.0.11/24 dev eth0",
    "rule add fwmark 7 prohibit",
  ]);
  startServers(lab, b);
  const files = { certificate: join(a.directory, "cert.pem"), key: join(a.directory, "key.pem") };
  writeFileSync(files.certificate, certificate);
  writeFileSync(files.key, certificateKey);
  writeFileSync(filesOf(a).config, configuration(files));
  const daemon = lab.start(a, standinWords(a));
  await daemon.line(/is running, pid/);
  let last: CheckStatus[] = [];
  const wrong = (checks: readonly CheckStatus[]): string[] =>
    cases.flatMap((one, index) => {
      const check = checks[index];
      return isAsExpected(one, check) ? [] : [`${one[0]}: ${JSON.stringify(check)}`];
    });
  const settled = poll("all checks are as expected", async () => {
    last = await checksOf(a);
    return wrong(last);
  }, (left) => left.length === 0);
  await settled.catch((error: unknown) => {
    throw new Error(`${error}\n${wrong(last).join("\n")}`);
  });
  const log = readFileSync(join(b.directory, "access.log"), "utf8");
  assert.match(log, /^10\.77\.0\.11 40123 seen "GET \/ HTTP\/1\.0" -$/m);
  assert.match(log, /^10\.77\.0\.1 \d+ 10\.77\.0\.2 "GET \/ HTTP\/1\.1" -$/m);
  assert.match(log, / other\.example "GET \/ HTTP\/1\.0" other\.example$/m);
  // A gigabyte was offered twice a second.
  const status = readFileSync(`/proc/${daemon.pid}/status`, "utf8");
  const peak = Number(/^VmHWM:\s*(\d+) kB/m.exec(status)?.[1]);
  assert.ok(peak > 0 && peak < 300_000, `the daemon had ${peak} kB`);
}, options);
