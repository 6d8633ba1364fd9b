/**
 * The messages that switch the process connector on and off, <linux/connector.h> and
 * <linux/cn_proc.h>.
 */
import { viewOf } from "../lib/base/mod.ts";
import { AF } from "./constants.ts";

/** CN_IDX_PROC and CN_VAL_PROC. */
const [index, value] = [1, 1];
/** PROC_CN_MCAST_LISTEN and PROC_CN_MCAST_IGNORE. */
const [listen, ignore] = [1, 2];
const NLMSG_DONE = 3;

/** struct sockaddr_nl, a member of the groups given. */
export function processConnectorAddress(groups: number): Uint8Array {
  const bytes = new Uint8Array(12);
  viewOf(bytes).setUint16(0, AF.NETLINK, true);
  viewOf(bytes).setUint32(8, groups, true);
  return bytes;
}

/** struct nlmsghdr, struct cn_msg and the operation. */
export function processConnectorListen(on: boolean): Uint8Array {
  const bytes = new Uint8Array(16 + 20 + 4);
  const view = viewOf(bytes);
  view.setUint32(0, bytes.length, true);
  view.setUint16(4, NLMSG_DONE, true);
  view.setUint32(16, index, true);
  view.setUint32(20, value, true);
  view.setUint16(32, 4, true);
  view.setUint32(36, on ? listen : ignore, true);
  return bytes;
}
