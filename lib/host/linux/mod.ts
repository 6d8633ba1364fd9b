/**
 * The host on the real kernel: sockets, netlink, clock, files, servers. The only room that imports
 * `ffi/`.
 */
export { runDaemon } from "./daemon.ts";
export {
  type LabNode,
  type NetworkLab,
  openNetworkLab,
  type Ping,
  type Pinger,
} from "./network_lab/load.ts";
