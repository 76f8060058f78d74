// SPDX-License-Identifier: Apache-2.0
#include "cli/remote.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <sstream>
#include <system_error>

#include "cli/saved.hpp"
#include "cli/text.hpp"

namespace storemark::cli {
namespace {

constexpr std::size_t most_output_bytes = 64 * 1024 * 1024;

std::vector<std::string> words(const std::string& line) {
  std::istringstream in(line);
  std::vector<std::string> out;
  for (std::string word; in >> word;) out.push_back(word);
  return out;
}

/// What a command printed, or why it did not.
struct Said {
  std::string text;
  std::string problem;
};

std::string read_all(int from) {
  std::string out;
  std::array<char, 65536> buffer;
  for (;;) {
    const ssize_t got = read(from, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0 || out.size() > most_output_bytes) return out;
    out.append(buffer.data(), static_cast<std::size_t>(got));
  }
}

/// Starts the command with its stdout at `to`; 0, or an errno.
int start(const std::vector<std::string>& argv, int to, pid_t& child) {
  std::vector<char*> raw;
  raw.reserve(argv.size() + 1);
  for (const std::string& word : argv) raw.push_back(const_cast<char*>(word.c_str()));
  raw.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  if (const int error = posix_spawn_file_actions_init(&actions); error != 0) return error;
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, to, STDOUT_FILENO);
  // A signal that this program holds back is still to reach the child.
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  const int error = posix_spawnp(&child, raw[0], &actions, &attributes, raw.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

Said run(const std::vector<std::string>& argv) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return {{}, std::generic_category().message(errno)};
  pid_t child = 0;
  const int error = start(argv, ends[1], child);
  close(ends[1]);
  if (error != 0) {
    close(ends[0]);
    return {{},
            fmt::format("{} cannot be run: {}", argv[0], std::generic_category().message(error))};
  }
  Said out{read_all(ends[0]), {}};
  close(ends[0]);  // an answer without end then ends by SIGPIPE
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  // Damage and the like are answers too: the text tells.
  if (out.text.empty()) {
    out.problem = WIFEXITED(status)
                      ? fmt::format("{} answered nothing, exit {}", argv[0], WEXITSTATUS(status))
                      : fmt::format("{} was killed", argv[0]);
  }
  return out;
}

Store unreachable(const std::string& name, const std::string& host, const std::string& directory,
                  std::string why) {
  Store out;
  out.name = out.address = name;
  out.host = host;
  out.directory = directory;
  out.seen =
      tl::unexpected<Error>({Errc::io_failed, "the store was not reached", name, std::move(why),
                             fmt::format("try it by hand: ssh {} storemark --version", host), 0});
  return out;
}

}  // namespace

Result<std::vector<Store>> look_at_host(const std::string& name, const std::string& rsh,
                                        Depth depth) {
  const std::size_t colon = name.find(':');
  const std::string host = name.substr(0, colon);
  const std::string directory = name.substr(colon + 1);
  std::vector<std::string> argv = words(rsh);
  if (argv.empty() || host.starts_with('-')) {
    return tl::unexpected<Error>(
        {Errc::invalid_argument, "the store was not looked at", name,
         argv.empty() ? "--rsh names no command" : "no host has such a name",
         "give HOST:DIR, and a command that reaches HOST", 0});
  }
  argv.push_back(host);
  argv.push_back(command_line({"storemark", depth == Depth::everything ? "collect" : "examine",
                               "-o", "json", "--", directory}));
  const Said answer = run(argv);
  if (!answer.problem.empty()) {
    return std::vector<Store>{unreachable(name, host, directory, answer.problem)};
  }
  auto stores = parse_saved(answer.text, name);
  if (!stores || stores->size() != 1) {
    const std::string why = stores ? "it told of another number of stores" : stores.error().why;
    return std::vector<Store>{unreachable(name, host, directory, why)};
  }
  Store& store = stores->front();
  store.name = store.address = name;
  store.host = host;
  store.saved_at.clear();
  return stores;
}

}  // namespace storemark::cli
