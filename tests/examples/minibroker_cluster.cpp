// SPDX-License-Identifier: Apache-2.0
#include "minibroker_cluster.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <sstream>
#include <stdexcept>

namespace minibroker {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds cluster_patience{60};

std::string content(int descriptor) {
  std::string text;
  char part[4096];
  off_t at = 0;
  for (ssize_t got = 0; (got = ::pread(descriptor, part, sizeof part, at)) > 0; at += got) {
    text.append(part, static_cast<std::size_t>(got));
  }
  return text;
}

Descriptor file_of(const std::string& text) {
  Descriptor file(::memfd_create("text", MFD_CLOEXEC));
  if (::write(file.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()) ||
      ::lseek(file.get(), 0, SEEK_SET) != 0) {
    throw std::runtime_error("no memory for a file");
  }
  return file;
}

}  // namespace

Running::Running(std::vector<std::string> command, const std::string& input) : out_(file_of("")) {
  std::vector<char*> argv(command.size() + 1, nullptr);
  std::ranges::transform(command, argv.begin(), [](std::string& word) { return word.data(); });
  const Descriptor in = file_of(input);
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  err_pipe_.emplace(ends[0]);
  const Descriptor err(ends[1]);

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in.get(), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, out_.get(), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, err.get(), STDERR_FILENO);
  const int error = ::posix_spawn(&pid_, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) throw std::runtime_error("cannot run " + command.front());
}

Running::Running(Running&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      out_(std::move(other.out_)),
      err_pipe_(std::move(other.err_pipe_)),
      err_(std::move(other.err_)),
      seen_(other.seen_) {}

Running::~Running() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

void Running::send(int signal) const { ::kill(pid_, signal); }

bool Running::read() {
  char bytes[4096];
  const ssize_t got = ::read(err_pipe_->get(), bytes, sizeof bytes);
  if (got > 0) err_.append(bytes, static_cast<std::size_t>(got));
  return got > 0;
}

void Running::await(std::string_view text) {
  const auto deadline = std::chrono::steady_clock::now() + cluster_patience;
  for (;;) {
    const std::size_t at = err_.find(text, seen_);
    if (at != std::string::npos) {
      seen_ = at + text.size();
      return;
    }
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0 || !wait_for(err_pipe_->get(), POLLIN, left) || !read()) {
      throw std::runtime_error("it did not say \"" + std::string(text) + "\", but:\n" + err_);
    }
  }
}

void Running::await_output(std::ptrdiff_t lines) {
  const auto deadline = std::chrono::steady_clock::now() + cluster_patience;
  while (std::ranges::count(content(out_.get()), '\n') < lines) {
    // Looked at again soon, or when it says something, or ends.
    const bool said = wait_for(err_pipe_->get(), POLLIN, std::chrono::milliseconds(5));
    if ((said && !read()) || std::chrono::steady_clock::now() > deadline) {
      throw std::runtime_error("it did not write so much, but said:\n" + err_);
    }
  }
}

Outcome Running::wait() {
  // Its words too: a full pipe would hold it up.
  const Descriptor end(static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0)));
  const auto deadline = std::chrono::steady_clock::now() + cluster_patience;
  while (!wait_for(end.get(), POLLIN, std::chrono::milliseconds(0))) {
    if (std::chrono::steady_clock::now() > deadline) {
      throw std::runtime_error("it did not end, but said:\n" + err_);
    }
    pollfd either[2]{{end.get(), POLLIN, 0}, {err_pipe_->get(), POLLIN, 0}};
    (void)::poll(either, 2, 1000);
    if ((either[1].revents & POLLIN) != 0) (void)read();
    if ((either[1].revents & POLLHUP) != 0) (void)::poll(either, 1, 1000);
  }
  int status = 0;
  if (::waitpid(std::exchange(pid_, -1), &status, 0) < 0) throw std::runtime_error("cannot wait");
  while (wait_for(err_pipe_->get(), POLLIN, std::chrono::milliseconds(0)) && read()) {
  }
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), content(out_.get()),
          err_};
}

Outcome run(const std::vector<std::string>& command, const std::string& input) {
  return Running(command, input).wait();
}

Running& MinibrokerCluster::start(const std::string& name, const Options& options) {
  fs::create_directory(directory(name));
  std::vector<std::string> command{MINIBROKER, "--directory", directory(name), "--interval", "100"};
  const auto given = [&](const char* option) {
    return std::ranges::find(options, option) != options.end();
  };
  if (!given("--group")) {
    command.insert(command.end(), {"--group", "local:" + (directory_ / "group").string()});
  }
  if (!given("--wait-for")) command.insert(command.end(), {"--wait-for", "3"});
  command.insert(command.end(), options.begin(), options.end());
  members_.erase(name);
  return members_.emplace(name, Running(command)).first->second;
}

void MinibrokerCluster::start_all(const std::vector<std::string>& names, const Options& options) {
  for (const auto& name : names) start(name, options);
  for (const auto& name : names) {
    member(name).await("active, one of " + std::to_string(names.size()));
  }
}

void MinibrokerCluster::kill(const std::string& name) {
  member(name).send(SIGKILL);
  EXPECT_EQ(member(name).wait().status, 128 + SIGKILL);
  members_.erase(name);
}

Outcome MinibrokerCluster::finish(const std::string& name) {
  const Outcome outcome = member(name).wait();
  EXPECT_EQ(outcome.status, 0) << name << ":\n" << outcome.err;
  members_.erase(name);
  return outcome;
}

void MinibrokerCluster::shut_down(const std::vector<std::string>& names) {
  EXPECT_EQ(client(names.front()).ask("SHUTDOWN"), "OK the cluster is shut down");
  for (const auto& name : names) {
    EXPECT_NE(finish(name).err.find("shut down: clean"), std::string::npos);
  }
}

void MinibrokerCluster::publish(const std::string& name, const std::string& queue, int first,
                                int last) {
  LineClient publisher = client(name);
  std::string requests;
  for (int n = first; n <= last; ++n) {
    requests += "PUB " + queue + " message " + std::to_string(n) + "\n";
  }
  publisher.send(requests);
  for (int n = first; n <= last; ++n) {
    const std::string answer = publisher.line();
    ASSERT_EQ(answer.substr(0, 3), "OK ") << answer;
  }
}

Running MinibrokerCluster::sender(const std::string& name, const std::string& queue,
                                  const std::string& text, const Options& options) const {
  std::vector<std::string> command{MINIBROKER, "client", "--socket", socket(name)};
  command.insert(command.end(), options.begin(), options.end());
  std::string requests;
  for (const auto& line : lines_of(text)) requests += "PUB " + queue + " " + line + "\n";
  return Running(command, requests);
}

void MinibrokerCluster::await_sequence(const std::string& name, std::uint64_t sequence) const {
  LineClient asking = client(name);
  const auto deadline = std::chrono::steady_clock::now() + cluster_patience;
  std::string answer;
  while (std::chrono::steady_clock::now() < deadline) {
    answer = asking.ask("STATUS");
    std::istringstream words(answer.substr(answer.find("sequence ") + 9));
    std::uint64_t reached = 0;
    if (words >> reached && reached >= sequence) return;
  }
  throw std::runtime_error(name + " did not reach " + std::to_string(sequence) + ": " + answer);
}

Outcome MinibrokerCluster::tool(std::vector<std::string> words) const {
  words.insert(words.begin(), STOREMARK_TOOL);
  return run(words);
}

Outcome MinibrokerCluster::dump(const std::string& name) const {
  return run({MINIBROKER, "--directory", directory(name), "--dump"});
}

std::string MinibrokerCluster::expect_equal(const std::vector<std::string>& names) const {
  const Outcome first = dump(names.front());
  EXPECT_EQ(first.status, 0) << first.err;
  for (const auto& name : names) EXPECT_EQ(dump(name).out, first.out) << name;
  return first.out;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    if (!line.starts_with("# ")) lines.push_back(line);
  }
  return lines;
}

}  // namespace minibroker
