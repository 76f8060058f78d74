// SPDX-License-Identifier: Apache-2.0
// The Corosync group, and a cluster on it, in node 1 of a ring of three (examples/ring), which
// STOREMARK_RING_PROGRAM runs. ./dev bench group runs it; see ../README.md.
#include <sys/types.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <storemark/corosync_group.hpp>

#include "cpg.hpp"
#include "program.hpp"
#include "restarts.hpp"

namespace {

using storemark::CorosyncGroupOptions;
using storemark::join_corosync_group;
using storemark::Result;
using namespace storemark::bench;

std::shared_ptr<Client> connect(const std::string& kind, const std::string& name) {
  if (kind == "local") return local_client(name);
  if (kind == "cpg") return cpg_client(name);
  if (kind == "corosync") return corosync_client(name);
  return nullptr;
}

Result<std::unique_ptr<storemark::Group>> join(const std::string& /*kind*/,
                                               const std::string& name) {
  CorosyncGroupOptions options;
  options.group = name;
  return join_corosync_group(options);
}

/// One more on each of the other nodes, in each.
void measure_group(Setting& setting, const std::string& ring, std::vector<Group>& out) {
  const std::string local = setting.directory / "group";
  for (const char* node : {"2", "3"}) {
    const Command in_node{ring, "exec", node, "--", setting.program, "peer"};
    const auto there = [&](const char* kind, const char* name) {
      Command command = in_node;
      command.insert(command.end(), {kind, name});
      setting.start_other(std::move(command));
    };
    there("cpg", "bare");
    there("corosync", "storemark");
    setting.start_other({setting.program, "peer", "local", local});
  }
  const auto bare = cpg_client("bare");
  const auto ours = corosync_client("storemark");
  const auto on_one = local_client(local);
  for (Client* client : {bare.get(), ours.get(), on_one.get()}) client->await(3);
  add_traffic(out,
              {{"libcpg", bare, true, false},
               {"Corosync group", ours, false, true},
               {"local group", on_one, false, false}},
              setting.effort);
}

/// A cluster with a member on each node. Node 1's is never killed: this program is there.
Group deaths(const Setting& setting, const std::string& ring) {
  Group out("from a member's death to a view, on the ring", turns(setting, 5));
  const auto member = [&setting, ring](std::size_t number, const std::string& directory,
                                       std::size_t of) -> Command {
    return {ring,     "exec",    std::to_string(number + 1), "--",       setting.program,
            "member", directory, std::to_string(of),         "corosync", "cluster"};
  };
  const auto three = std::make_shared<Fleet>(setting.directory / "killed", 3, member);
  out.add(death("its process", three, 2));
  const auto kill_daemon = [] {
    std::ifstream file(std::string(std::getenv("STOREMARK_RING")) + "/node3.daemon");
    pid_t daemon = 0;
    file >> daemon;
    ::kill(daemon, SIGKILL);
  };
  const auto mend = [ring] {
    run({ring, "start", "3"});
    run({ring, "wait", "1", "1,2,3"});
  };
  out.add(death("its node", three, 2, {kill_daemon, mend}));
  return out;
}

void measure(Setting& setting, std::vector<Group>& out) {
  const char* ring = std::getenv("STOREMARK_RING_PROGRAM");
  if (ring == nullptr || std::getenv("STOREMARK_RING") == nullptr) {
    std::fprintf(stderr, "bench_ring: not in a node of a ring; ./dev bench group runs it\n");
    std::exit(2);
  }
  measure_group(setting, ring, out);
  out.push_back(deaths(setting, ring));
}

}  // namespace

int main(int argc, char** argv) {
  return run_program(argc, argv, "ring", {connect, join}, measure);
}
