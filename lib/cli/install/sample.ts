/**
 * The configuration that a new box gets: all of it is a comment, so nothing happens before somebody
 * has decided what. It shows the one example that nearly everybody starts from.
 */

/** Where the sample goes, if no configuration is there yet. */
export const samplePath = "/etc/standin/standin.conf";

/** The sample. */
export const sample = `# The configuration of standin. The language is keepalived.conf.
#   standin check     tells what is wrong in this file, and where
#   standin reload    makes the running daemon read it again
#
# Two boxes share the address 192.0.2.1. Put this on both of them, with the priority 90 on the one
# that stands in, and change the interface, the number (1 to 255, the same on both boxes and used
# by nobody else in that network) and the address.
#
# vrrp_instance office {
#     interface eth0
#     virtual_router_id 51
#     priority 100
#     virtual_ipaddress {
#         192.0.2.1/24
#     }
# }
`;
