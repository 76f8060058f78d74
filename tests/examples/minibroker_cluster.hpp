// SPDX-License-Identifier: Apache-2.0
// Runs real minibrokers as one cluster, in data directories of their own.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "line_client.hpp"
#include "sockets.hpp"
#include "store_directory.hpp"

namespace minibroker {

struct Outcome {
  int status = -1;  ///< what it exited with; 128 and the signal if it was killed
  std::string out;
  std::string err;
};

/// A running program, whose words on standard error are read as they come. Killed at the end of its
/// life. Every call that waits throws after a generous time, with what was said until then.
class Running {
 public:
  explicit Running(std::vector<std::string> command, const std::string& input = "");
  Running(Running&&) noexcept;
  Running& operator=(Running&&) = delete;
  ~Running();

  /// Waits until it has said so after what was awaited before.
  void await(std::string_view text);
  /// Waits until it has written so many lines to standard output.
  void await_output(std::ptrdiff_t lines);
  [[nodiscard]] bool has_said(std::string_view text) const { return err_.find(text) != err_.npos; }
  void send(int signal) const;
  [[nodiscard]] Outcome wait();

 private:
  [[nodiscard]] bool read();
  pid_t pid_ = -1;
  Descriptor out_;  // a file
  std::optional<Descriptor> err_pipe_;
  std::string err_;
  std::size_t seen_ = 0;
};

[[nodiscard]] Outcome run(const std::vector<std::string>& command, const std::string& input = "");

class MinibrokerCluster : public StoreDirectory {
 protected:
  using Options = std::vector<std::string>;

  /// Starts a member that waits for three, in the group "group", unless the options say else.
  Running& start(const std::string& name, const Options& options = {});
  /// Starts these, and waits until each is active in a view of all.
  void start_all(const std::vector<std::string>& names, const Options& options = {});
  [[nodiscard]] Running& member(const std::string& name) { return members_.at(name); }
  /// With no warning.
  void kill(const std::string& name);
  /// Waits for its end, and expects it to be a good one.
  Outcome finish(const std::string& name);
  /// Through any member; all of `names` stop cleanly.
  void shut_down(const std::vector<std::string>& names);

  [[nodiscard]] LineClient client(const std::string& name) const {
    return LineClient(socket(name));
  }
  /// Publishes lines through a member and expects all to be acknowledged.
  void publish(const std::string& name, const std::string& queue, int first, int last);
  /// A client of its own, in the background, that publishes each line of a text.
  [[nodiscard]] Running sender(const std::string& name, const std::string& queue,
                               const std::string& text, const Options& options = {}) const;
  /// Waits until a member has applied so many events.
  void await_sequence(const std::string& name, std::uint64_t sequence) const;

  [[nodiscard]] std::string directory(const std::string& name) const { return directory_ / name; }
  [[nodiscard]] std::string socket(const std::string& name) const {
    return directory_ / name / "socket";
  }
  [[nodiscard]] Outcome tool(std::vector<std::string> words) const;
  [[nodiscard]] Outcome dump(const std::string& name) const;
  /// All of these stores hold the same, down to the ids, the order and the counts; returns it.
  std::string expect_equal(const std::vector<std::string>& names) const;

  std::map<std::string, Running> members_;
};

/// "queue id text" of a dump, without its last line.
[[nodiscard]] std::vector<std::string> lines_of(const std::string& text);

}  // namespace minibroker
