/**
 * Programs that a box of the reader can not have, and why something else does their work there.
 * Each is a script in `stand_ins/` and refuses what it does not know, so a wrong word on a page is
 * noticed. They are few: everything else on a page is run as it is.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Where the directories of all boxes of a scene are. */
export const boxesVariable = "DOCS_BOXES";

/** Each with its reason. */
export const standIns: Readonly<Record<string, string>> = {
  systemctl: "a namespace has no systemd: the ExecStart of the unit is run, and started again",
  journalctl: "what units print is in the file into which that systemctl leads it",
  scp: "the boxes run no SSH server: the file is copied to the box",
  ssh: "the boxes run no SSH server: the words of a tunnel are checked",
  docker: "it needs a daemon, and an image from elsewhere: a container is made of a process",
  wget: "not everywhere, and believes other certificates than curl, which does it",
  opkg: "only OpenWrt has it, and what pages install is here already",
  logread: "only OpenWrt has it: what services print is in the file into which rc.common leads it",
  aws: "it calls Amazon: the words are checked, as aws 2.9 takes them, and noted",
  hcloud: "it calls Hetzner: the words are checked, as hcloud 1.30 takes them",
  openstack: "it calls a cloud: the words are checked, as python-openstackclient 6.0 takes them",
  "rc.common": "only OpenWrt has it, and procd: the init script is read, and its command run",
};

/** The script of one. */
export function standInScript(name: string): string {
  return readFileSync(fileURLToPath(new URL(`stand_ins/${name}`, import.meta.url)), "utf8");
}
