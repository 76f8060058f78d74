// SPDX-License-Identifier: Apache-2.0
// storemark watch
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>

#include "cli/command.hpp"
#include "cli/gather.hpp"
#include "cli/options.hpp"
#include "cli/pause.hpp"
#include "cli/survey.hpp"
#include "cli/table.hpp"
#include "cli/text.hpp"
#include "cli/watch.hpp"

namespace storemark::cli {
namespace {

struct WatchOptions {
  std::vector<std::string> stores;
  std::string rsh = default_rsh;
  std::optional<std::uint64_t> interval;  // milliseconds
  std::optional<std::uint64_t> count;
  Format format = Format::table;
};

constexpr const char* watch_footer =
    "On a terminal a table that is drawn anew; else a line for each store at first, and then one "
    "for "
    "each\n"
    "change. With -o json each line is a document of its own. It reads, and writes nothing.\n"
    "\n"
    "Exit status: 0 when Ctrl-C, SIGTERM or a closed pipe ended it; after --count looks as "
    "examine's, of\n"
    "the last look: 0, or the gravest of 4, 5 and 6; 1 failure, 2 asked wrongly.";

bool can_redraw() {
  const char* terminal = std::getenv("TERM");
  return isatty(STDOUT_FILENO) != 0 && terminal != nullptr && std::strcmp(terminal, "dumb") != 0;
}

/// Whoever read the lines has gone: without a change nothing would be written, and nobody would
/// notice.
bool nobody_reads() {
  pollfd out{STDOUT_FILENO, 0, 0};
  return poll(&out, 1, 0) > 0 && (out.revents & POLLERR) != 0;
}

/// The screen from its upper left corner on, and nothing left of what was there.
std::string screen(const Survey& seen, const std::map<std::string, std::string>& changed) {
  constexpr const char* home = "\x1b[H\x1b[2J";
  Table table({{"STORE", 40}, {"STATE", 12}, {"SEQUENCE", 20}, {"VIEW"}, {"USE"}, {"LAST CHANGE"}});
  for (const Store& store : seen.stores) {
    const Sighting now = sighting_of(store);
    const auto last = changed.find(now.store);
    table.add({{keep_end(printable(now.store), 40)},
               {now.state, finding(store) == ExitStatus::safe ? Colour::none : Colour::bad},
               {now.sequence},
               {now.view},
               {now.in_use ? "yes" : "no"},
               {last == changed.end() ? "-" : last->second}});
  }
  return fmt::format("{}{}  storemark watch, Ctrl-C ends it\n{}", home, rfc3339_now(),
                     table.text());
}

class Watcher {
 public:
  explicit Watcher(const WatchOptions& options) : options_(options), redraws_(can_redraw()) {}

  /// One look; what to end with if it were the last.
  ExitStatus look() {
    auto stores = look_at(options_.stores, options_.rsh);
    if (!stores) {
      failed_ = true;
      return report(stores.error());
    }
    const Survey seen = survey(std::move(*stores));
    const std::string lines = changes(seen);
    const bool drawn = redraws_ && options_.format == Format::table;
    if (lines.empty() && !drawn) return seen.status;
    const ExitStatus status = emit(drawn ? screen(seen, changed_) : lines, seen.status);
    failed_ = status == ExitStatus::failure;
    return status;
  }
  [[nodiscard]] bool failed() const noexcept { return failed_; }

 private:
  std::string changes(const Survey& seen) {
    std::string out;
    const std::string time = rfc3339_now();
    for (const Store& store : seen.stores) {
      Sighting now = sighting_of(store);
      const auto before = last_.find(now.store);
      const std::string change =
          change_text(before == last_.end() ? nullptr : &before->second, now);
      if (change.empty()) continue;
      changed_[now.store] = time;
      out += options_.format == Format::json
                 ? sighting_json(now, change, time)
                           .dump(-1, ' ', false, Json::error_handler_t::replace) +
                       "\n"
                 : sighting_line(now, change, time);
      last_[now.store] = std::move(now);
    }
    return out;
  }

  const WatchOptions& options_;
  bool redraws_;
  bool failed_ = false;
  std::map<std::string, Sighting> last_;
  std::map<std::string, std::string> changed_;  // when, by store
};

ExitStatus run_watch(const WatchOptions& options) {
  Pause pause;
  Watcher watcher(options);
  for (std::uint64_t looks = 1;; ++looks) {
    const ExitStatus status = watcher.look();
    if (watcher.failed() || (options.count && looks == *options.count)) return status;
    if (nobody_reads()) return ExitStatus::safe;
    if (!pause.wait(options.interval.value_or(2000))) return ExitStatus::safe;
  }
}

}  // namespace

void add_watch(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<WatchOptions>();
  CLI::App& command = add_command(app, chosen, "watch",
                                  "the stores as they change: a live table, or a line per change",
                                  watch_footer, [options] { return run_watch(*options); });
  add_stores(command, options->stores);
  const auto take_interval = [into = options.get()](const std::string& word) {
    into->interval = parse_seconds(word);
    if (into->interval && *into->interval > 0 && *into->interval <= 86'400'000) return;
    refuse_word("--interval",
                fmt::format("\"{}\" is not a time from 0.001 to 86400 seconds", word));
  };
  add_word_for(command, {"--interval", "SECONDS", "between two looks; 2 unless told"},
               take_interval);
  add_bounded(command, "--count", options->count, {1, 1'000'000'000},
              "look so many times, and end; for ever unless told");
  add_rsh(command, options->rsh);
  add_format(command, options->format);
}

}  // namespace storemark::cli
