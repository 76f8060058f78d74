// SPDX-License-Identifier: Apache-2.0
// The local group, and a cluster on it. ./dev bench group runs it; see ../README.md.
#include "hub.hpp"
#include "program.hpp"
#include "publishing.hpp"
#include "restarts.hpp"

namespace {

using storemark::Result;
using namespace storemark::bench;

std::shared_ptr<Client> connect(const std::string& kind, const std::string& name) {
  if (kind == "local") return local_client(name);
  if (kind == "hub") return hub_client(name);
  return nullptr;
}

Result<std::unique_ptr<storemark::Group>> join(const std::string& /*kind*/,
                                               const std::string& name) {
  return join_local(name);
}

/// Two processes beside this one in each: the first is, or has, the hub.
void measure_group(Setting& setting, std::vector<Group>& out) {
  const std::string hub = setting.directory / "hub";
  const std::string local = setting.directory / "group";
  const auto other = [&](Command command) {
    command.insert(command.begin(), setting.program);
    setting.start_other(std::move(command));
  };
  other({"hub", hub});
  other({"peer", "hub", hub});
  other({"peer", "local", local});
  other({"peer", "local", local});
  const auto bare = hub_client(hub);
  const auto ours = local_client(local);
  ours->await(3);
  add_traffic(out, {{"a bare hub", bare, true, false}, {"local group", ours, false, true}},
              setting.effort);
}

Command member(const Setting& setting, std::size_t /*number*/, const std::string& directory,
               std::size_t of) {
  const std::string group = std::filesystem::path(directory).parent_path() / "group";
  return {setting.program, "member", directory, std::to_string(of), "local", group};
}

std::shared_ptr<Fleet> fleet(const Setting& setting, const std::string& name, std::size_t size) {
  return std::make_shared<Fleet>(
      setting.directory / name, size,
      [setting = &setting](auto... facts) { return member(*setting, facts...); });
}

Group deaths(const Setting& setting) {
  Group out("from a member's death to a view", turns(setting, 20));
  const auto three = fleet(setting, "killed", 3);
  out.add(death("one of 3 without the hub", three, 2));
  out.add(death("one of 3 with the hub", three, 0));
  return out;
}

Group restarts(const Setting& setting) {
  Group out("restart of a clean cluster", turns(setting, 10));
  for (const std::size_t size : {3, 16}) {
    const std::string name = std::to_string(size) + " members";
    out.add(restart(name, fleet(setting, name, size)));
  }
  return out;
}

void measure(Setting& setting, std::vector<Group>& out) {
  measure_group(setting, out);
  out.push_back(deaths(setting));
  out.push_back(restarts(setting));
  for (const bool synced : {false, true}) {
    out.push_back(publishing_group(setting.directory, setting.effort, synced));
  }
}

}  // namespace

int main(int argc, char** argv) {
  return run_program(argc, argv, "cluster", {connect, join}, measure);
}
