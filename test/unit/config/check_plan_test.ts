/**
 * What the words of checkers mean: each in the plan of its check.
 */
import assert from "node:assert/strict";
import { seconds, toHex } from "../../../lib/base/mod.ts";
import type { CheckPlan, SubjectPlan } from "../../../lib/check/mod.ts";
import { unescapePattern } from "../../../lib/config/build_http.ts";
import { modelOf } from "../../support/model.ts";
import { test } from "../../support/test.ts";

/** The checks of one server, addresses and octets as text. */
function checksOf(checkers: string, { server = "", service = "", root = "" } = {}): CheckPlan[] {
  const { checks } = modelOf(`${root}\nvirtual_server 10.0.0.80 80 {
    protocol TCP
    lvs_sched rr
    lvs_method NAT
    ${service}
    real_server 192.0.2.1 8080 {
      ${server}
      ${checkers}
    }
  }\n`);
  return [...checks];
}

function subjectOf(checker: string, words: Parameters<typeof checksOf>[1] = {}): SubjectPlan {
  const [check] = checksOf(checker, words);
  assert.ok(check !== undefined);
  return check.subject;
}

const options = "connect_ip 2001:db8::1 \n connect_port 81 \n bindto 2001:db8::2 \n" +
  " bind_port 5 \n bind_if eth0 \n fwmark 6 \n connect_timeout 7 \n retry 8 \n" +
  " delay_before_retry 9 \n warmup 10 \n delay_loop 11 \n alpha \n log_all_failures";

for (
  const keyword of [
    "TCP_CHECK",
    "PING_CHECK",
    "UDP_CHECK",
    "DNS_CHECK",
    "SMTP_CHECK",
    "HTTP_GET",
    "SSL_GET",
  ]
) {
  test(`${keyword} takes the options that all have`, () => {
    const url = /GET/.test(keyword) ? "url {\n path /\n}" : "";
    const [check] = checksOf(`${keyword} {\n ${options}\n ${url}\n}`);
    assert.ok(check !== undefined && "connection" in check.subject);
    const { address, source, ...connection } = check.subject.connection;
    assert.deepEqual([address, source].map((one) => one?.bytes.at(-1)), [1, 2]);
    const words = { port: 81, sourcePort: 5, interfaceName: "eth0", mark: 6 };
    assert.deepEqual(connection, words);
    const { limit, retry, delayBeforeRetry, warmup, delayLoop, alpha, tellsAll } = check;
    assert.deepEqual({ limit, retry, delayBeforeRetry, warmup, delayLoop, alpha, tellsAll }, {
      limit: seconds(7),
      retry: 8,
      delayBeforeRetry: seconds(9),
      warmup: seconds(10),
      delayLoop: seconds(11),
      alpha: true,
      tellsAll: true,
    });
  });
}

for (
  const [keyword, retry, pause] of [
    ["TCP_CHECK {\n}", 1, 1],
    ["SMTP_CHECK {\n}", 1, 1],
    ["UDP_CHECK {\n}", 1, 1],
    ["PING_CHECK {\n}", 1, 1],
    ["HTTP_GET {\n url {\n path /\n}\n}", 1, 3],
    ["SSL_GET {\n url {\n path /\n}\n}", 1, 3],
    ["DNS_CHECK {\n}", 3, 40],
    ["MISC_CHECK {\n misc_path /bin/true\n}", 0, 1],
  ] as const
) {
  test(`${keyword.split(" ")[0]} repeats ${retry} times after ${pause} s by itself`, () => {
    const [check] = checksOf(keyword, { service: "delay_loop 40" });
    assert.deepEqual([check?.retry, check?.delayBeforeRetry], [retry, seconds(pause)]);
    assert.deepEqual([check?.warmup, check?.delayLoop], [seconds(40), seconds(40)]);
    const server = "retry 6 \n delay_before_retry 7";
    const [told] = checksOf(keyword, { server });
    assert.deepEqual([told?.retry, told?.delayBeforeRetry], [6, seconds(7)]);
  });
}

test("HTTP_GET: everything that a URL can say", () => {
  const subject = subjectOf(`HTTP_GET {
    http_protocol 1.0c
    fast_recovery
    url {
      path "/a b"
      digest 0123456789ABCDEF0123456789abcdef
      status_code 200 301-303
      virtualhost one.example
      regex "a\\\\d+\\x41"
      regex_options caseless dotall
      regex_no_match
      regex_min_offset 2
      regex_max_offset 9
    }
    url {
      path /
      regex_max_offset 0
    }
  }`);
  assert.ok(subject.kind === "http");
  assert.deepEqual([subject.version, subject.fastRecovery, subject.tls], ["1.0C", true, undefined]);
  assert.deepEqual(subject.urls, [{
    path: "/a b",
    host: "one.example",
    digest: "0123456789abcdef0123456789abcdef",
    statuses: [[200, 200], [301, 303]],
    pattern: {
      text: "a\\d+A",
      options: ["caseless", "dotall"],
      negated: true,
      from: 2,
      to: 9,
    },
    endsTls: false,
  }, { path: "/", host: "192.0.2.1:8080", statuses: [[200, 299]], endsTls: false }]);
});

test("the name of the host comes from the nearest place that says one", () => {
  const url = "url {\n path /\n}";
  const names = ["HTTP_GET {", "HTTP_GET {\n virtualhost checker"].flatMap((open) =>
    ["", "virtualhost server"].map((server) => {
      const subject = subjectOf(`${open}\n${url}\n}`, { server, service: "virtualhost service" });
      return subject.kind === "http" ? subject.urls[0]?.host : "";
    })
  );
  assert.deepEqual(names, ["service", "server", "checker", "checker"]);
  const six = subjectOf(`HTTP_GET {\n connect_ip 2001:db8::1\n ${url}\n}`);
  assert.equal(six.kind === "http" && six.urls[0]?.host, "[2001:db8::1]:8080");
});

test("SSL_GET: names in the greeting, the end of TLS, and what the client can prove", () => {
  const root = "SSL {\n ca /ca\n certificate /cert\n key /key\n password secret\n}";
  const subject = (words: string): SubjectPlan =>
    subjectOf(`SSL_GET {\n virtualhost one\n ${words}\n url {\n path /\n}\n}`, { root });
  const urlOf = (words: string): unknown => {
    const { urls } = subject(words) as Extract<SubjectPlan, { kind: "http" }>;
    return [urls[0]?.serverName, urls[0]?.endsTls];
  };
  assert.deepEqual(urlOf(""), [undefined, false]);
  assert.deepEqual(urlOf("enable_sni"), ["one", false]);
  assert.deepEqual(urlOf("enable_sni\n sni_name two"), ["two", false]);
  assert.deepEqual(urlOf("tls_compliant"), [undefined, true]);
  const plan = subject("");
  assert.deepEqual(plan.kind === "http" && plan.tls, {
    authorities: "/ca",
    certificate: "/cert",
    key: "/key",
    password: "secret",
  });
});

test("tls_compliant of a URL counts before that of the checker", () => {
  const url = "url {\n path /\n tls_compliant off\n}";
  const subject = subjectOf(`SSL_GET {\n tls_compliant\n ${url}\n}`);
  assert.equal(subject.kind === "http" && subject.urls[0]?.endsTls, false);
});

test("SMTP_CHECK: a host is a check of its own, with the name of the whole", () => {
  const told = (checker: string): string[] =>
    checksOf(checker).map(({ subject, retry }) =>
      subject.kind === "smtp" ? `${subject.connection.port} ${subject.helo} ${retry}` : ""
    );
  assert.deepEqual(told("SMTP_CHECK {\n}"), ["8080 smtpchecker.keepalived.org 1"]);
  const host = "host {\n connect_port 26\n retry 2\n}\n host {\n connect_port 27\n}";
  const words = `helo_name me\n retry 5\n ${host}`;
  assert.deepEqual(told(`SMTP_CHECK {\n ${words}\n}`), ["26 me 2", "27 me 5"]);
  const own = `SMTP_CHECK {\n connect_port 25\n ${host}\n}`;
  assert.deepEqual(told(own).map((one) => one.split(" ")[0]), ["25", "26", "27"]);
});

test("DNS_CHECK: types and names", () => {
  const told = (words: string): unknown => {
    const subject = subjectOf(`DNS_CHECK {\n ${words}\n}`);
    return subject.kind === "dns" && [subject.type, subject.name];
  };
  assert.deepEqual(told(""), ["SOA", "."]);
  assert.deepEqual(told("type aaaa\n name a.bc."), ["AAAA", "a.bc."]);
});

test("UDP_CHECK: octets as people write them", () => {
  const subject = subjectOf(`UDP_CHECK {
    payload Ab12f 3 456 546443123
    require_reply 1x xF
    min_reply_length 2
    max_reply_length 9
  }`);
  assert.ok(subject.kind === "udp" && subject.payload !== undefined);
  assert.equal(toHex(subject.payload), "ab120f03450654644312" + "03");
  const { like, ...lengths } = subject.reply ?? assert.fail();
  assert.deepEqual([toHex(like.value), toHex(like.mask)], ["100f", "f00f"]);
  assert.deepEqual(lengths, { lengthMin: 2, lengthMax: 9 });
  const bare = subjectOf("UDP_CHECK {\n require_reply\n}");
  assert.ok(bare.kind === "udp");
  assert.deepEqual([bare.reply?.lengthMin, bare.reply?.lengthMax], [0, 255]);
});

test("a backslash in a pattern is one of the configuration's own", () => {
  for (
    const [written, meant] of [
      ['"a b" c', "a b"],
      ["'a'\"b\"", "ab"],
      ['"\\\\d\\.\\n\\101\\x4a\\cA\\""', '\\d.\nAJ\x01"'],
    ] as const
  ) assert.equal(unescapePattern(written), meant);
});

test("checker_log_all_failures holds for checkers that do not say it", () => {
  const root = "global_defs {\n checker_log_all_failures\n}";
  const [usual] = checksOf("TCP_CHECK {\n}", { root });
  const [own] = checksOf("TCP_CHECK {\n log_all_failures off\n}", { root });
  assert.deepEqual([usual?.tellsAll, own?.tellsAll], [true, false]);
});
