/**
 * The simulated host: the daemon's engine on a virtual network, in virtual time.
 */
export * from "./agreement.ts";
export * from "./checkers.ts";
export * from "./configuration.ts";
export * from "./fake_kernel.ts";
export * from "./kernel_faults.ts";
export * from "./node_clock.ts";
export * from "./segment.ts";
export * from "./sim_host.ts";
export * from "./fake_machine.ts";
export * from "./sim_node.ts";
export * from "./transcript.ts";
export * from "./watcher.ts";
