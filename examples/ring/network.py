# SPDX-License-Identifier: Apache-2.0
"""The network of ring.py's ring: one bridge at the hub, a cable to each node, and a filter between nodes.

The filter stands on the bridge and sees what it forwards. What the hub itself sends and receives passes.
"""
import subprocess

import namespaces

HUB_HOST = 254


def address(host):
    return f"192.0.2.{host}"


def call(*command, **words):
    """A program that makes the ring's network; where it fails, this machine has no ring."""
    ran = subprocess.run(command, capture_output=True, text=True, check=False, **words)
    if ran.returncode != 0:
        raise namespaces.NotPermitted(f"{' '.join(command)}: {' '.join(ran.stderr.split()) or ran.returncode}")


def filter_between_nodes(table, rules):
    """The table's rules are these, at once; they see what passes between nodes and nothing else."""
    text = f"""table bridge {table}
delete table bridge {table}
table bridge {table} {{
  chain between {{
    type filter hook forward priority 0;
    {"; ".join(rules)}
  }}
}}
"""
    call("nft", "-f", "-", input=text)


def make_hub():
    call("ip", "link", "set", "lo", "up")
    call("ip", "link", "add", "ring", "type", "bridge", "stp_state", "0", "forward_delay", "0",
         "mcast_snooping", "0")
    call("ip", "addr", "add", address(HUB_HOST) + "/24", "dev", "ring")
    call("ip", "link", "set", "ring", "up")
    # Whether the kernel can do what loss and split will ask of it.
    filter_between_nodes("split", ['iifname "node1" oifname "node2" drop'])
    filter_between_nodes("loss", ["numgen random mod 100 < 1 drop"])
    filter_between_nodes("split", [])
    filter_between_nodes("loss", [])


def connect(node, holder):
    """A cable from the bridge to the node that `holder` holds; its end there is eth0."""
    call("ip", "link", "add", f"node{node}", "type", "veth", "peer", "name", "eth0", "netns", str(holder))
    call("ip", "link", "set", f"node{node}", "master", "ring", "up")
