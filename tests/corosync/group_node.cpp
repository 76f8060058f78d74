// SPDX-License-Identifier: Apache-2.0
// One node of a group, for group_test.py. usage: group_node LOG [NAME [PATIENCE_MS [QUEUE_BYTES]]]
//
// Joins; then obeys stdin: load SIZE (from now on sends as fast as it may), rate PER_SECOND SIZE,
// stop (says its node and what it sent), send COUNT SIZE, seen (says how many messages have come,
// and the last of each node), pause, resume (dispatching), leave MS, join MS, destroy, quit. Says
// on stdout what happens. LOG gets a line for each join (J), view (V id quorum node...) and message
// (M node number).
#include <poll.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <optional>
#include <sstream>
#include <storemark/corosync_group.hpp>

namespace {

using namespace storemark;
using Clock = std::chrono::steady_clock;

struct Head {
  std::uint64_t node;
  std::uint64_t number;
};

const char* word_for(Quorum quorum) {
  switch (quorum) {
    case Quorum::yes:
      return "yes";
    case Quorum::no:
      return "no";
    case Quorum::unknown:
      break;
  }
  return "unknown";
}

std::string hex(const Uuid& id) {
  std::string out;
  char digits[3];
  for (const auto byte : id.bytes) {
    std::snprintf(digits, sizeof digits, "%02x", static_cast<unsigned>(byte));
    out += digits;
  }
  return out;
}

/// In one piece: a notice comes from a thread of its own.
void say(const std::string& line) {
  std::fputs((line + "\n").c_str(), stdout);
  std::fflush(stdout);
}

class Node : public GroupListener {
 public:
  Node(const char* log, CorosyncGroupOptions options)
      : log_(std::fopen(log, "a")), options_(std::move(options)) {
    options_.notice = [](const std::string& notice) { say("notice " + notice); };
  }
  ~Node() override { std::fclose(log_); }
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  void join(int patience_ms) {
    auto joined = join_corosync_group(options_, patience_ms);
    if (!joined) return say("refused " + to_string(joined.error()));
    group_ = std::move(*joined);
    number_ = 0;
    std::fputs("J\n", log_);
    say("joined " + std::to_string(group_->self().value) + " " +
        std::to_string(group_->max_message()));
  }

  void view_changed(const GroupView& view) override {
    std::string nodes;
    std::string names;
    for (const GroupNode node : view.nodes) nodes += " " + std::to_string(node.value);
    for (const std::string& name : view.names) names += " " + name.substr(0, name.find(' '));
    std::fprintf(log_, "V %s %s%s\n", hex(view.id).c_str(), word_for(view.quorum), nodes.c_str());
    say("view " + std::string(word_for(view.quorum)) + names);
  }

  void delivered(GroupNode from, std::span<const std::uint8_t> message) override {
    Head head{};
    bool whole = message.size() >= sizeof head;
    if (whole) std::memcpy(&head, message.data(), sizeof head);
    const auto pad = static_cast<std::uint8_t>(head.number);
    for (std::size_t i = sizeof head; i < message.size(); ++i) whole = whole && message[i] == pad;
    if (!whole || head.node != from.value) say("garbled " + std::to_string(from.value));
    std::fprintf(log_, "M %llu %llu\n", static_cast<unsigned long long>(head.node),
                 static_cast<unsigned long long>(head.number));
    ++seen_;
    last_[head.node] = head.number;
  }

  void run() {
    while (!quits_) {
      wait();
      obey();
      if (group_ && !paused_) take();
      send();
    }
  }

 private:
  void wait() {
    const bool sends = group_ && !full_ && wanted() > 0;
    const bool listens = group_ && !paused_;
    pollfd ready[2] = {{STDIN_FILENO, POLLIN, 0}, {listens ? group_->descriptor() : -1, POLLIN, 0}};
    const int patience = sends ? 0 : rate_ > 0 ? 5 : -1;
    if (::poll(ready, 2, patience) < 0) return;
    has_orders_ = (ready[0].revents & (POLLIN | POLLHUP)) != 0;
  }

  void obey() {
    if (!has_orders_) return;
    char text[4096];
    const auto size = ::read(STDIN_FILENO, text, sizeof text);
    if (size <= 0) {
      quits_ = true;
      return;
    }
    orders_.append(text, static_cast<std::size_t>(size));
    for (auto end = orders_.find('\n'); end != std::string::npos; end = orders_.find('\n')) {
      std::istringstream order(orders_.substr(0, end));
      orders_.erase(0, end + 1);
      perform(order);
    }
  }

  void perform(std::istringstream& order) {
    std::string word;
    std::uint64_t a = 0;
    std::uint64_t b = 0;
    order >> word >> a >> b;
    if (word == "send") {
      size_ = b;
      left_ += a;
    } else if (word == "load" || word == "rate") {
      rate_ = word == "load" ? ~std::uint64_t{0} : a;
      size_ = word == "load" ? a : b;
      began_ = Clock::now();
      paced_ = 0;
    } else if (word == "stop") {
      rate_ = 0;
      left_ = 0;
      say("stopped " + std::to_string(group_ ? group_->self().value : 0) + " " +
          std::to_string(number_));
    } else if (word == "seen") {
      tell_what_was_seen();
    } else if (word == "pause" || word == "resume") {
      paused_ = word == "pause";
      say(word + "d");
    } else if (word == "leave") {
      while (group_ && left_ > 0) {
        send();
        take();
      }
      if (!group_) return;
      const auto left = group_->leave(static_cast<int>(a));
      say(left ? "left" : "lost " + to_string(left.error()));
      group_.reset();
    } else if (word == "destroy") {
      group_.reset();
      say("destroyed");
    } else if (word == "join") {
      join(static_cast<int>(a));
    } else if (word == "quit") {
      quits_ = true;
    }
  }

  void tell_what_was_seen() const {
    std::string line = "seen " + std::to_string(seen_);
    for (const auto& [node, number] : last_) {
      line += " " + std::to_string(node) + " " + std::to_string(number);
    }
    say(line);
  }

  void take() {
    const auto taken = group_->dispatch(*this, 1000);
    std::fflush(log_);
    full_ = false;
    if (taken) return;
    say("lost " + to_string(taken.error()));
    group_.reset();
  }

  std::uint64_t wanted() const {
    if (rate_ == 0) return left_;
    if (rate_ == ~std::uint64_t{0}) return 1000;
    const auto due =
        std::chrono::duration<double>(Clock::now() - began_).count() * static_cast<double>(rate_);
    return due > static_cast<double>(paced_) ? static_cast<std::uint64_t>(due) - paced_ : 0;
  }

  void send() {
    if (!group_) return;
    for (std::uint64_t count = wanted(); count > 0 && !full_; --count) {
      Head head{group_->self().value, number_ + 1};
      message_.assign(std::max(size_, sizeof head), static_cast<std::uint8_t>(head.number));
      std::memcpy(message_.data(), &head, sizeof head);
      const auto sent = group_->multicast(message_);
      if (!sent) {
        say("error " + to_string(sent.error()));
        left_ = 0;
        rate_ = 0;
        return;
      }
      full_ = !*sent;
      if (full_) return;
      ++number_;
      ++paced_;
      if (left_ > 0) --left_;
    }
  }

  std::FILE* log_;
  CorosyncGroupOptions options_;
  std::unique_ptr<Group> group_;
  bool quits_ = false;
  bool has_orders_ = false;
  bool full_ = false;
  bool paused_ = false;
  std::string orders_;
  std::vector<std::uint8_t> message_;
  std::size_t size_ = 0;
  std::uint64_t left_ = 0;
  std::uint64_t rate_ = 0;
  std::uint64_t paced_ = 0;
  std::uint64_t number_ = 0;
  std::uint64_t seen_ = 0;
  std::map<std::uint64_t, std::uint64_t> last_;  ///< by node: the number of what it sent last
  Clock::time_point began_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  CorosyncGroupOptions options;
  options.group = "test";
  if (argc > 2) options.name = argv[2];
  if (argc > 3) options.patience_ms = std::atoi(argv[3]);
  if (argc > 4) options.queue_bytes = std::strtoul(argv[4], nullptr, 10);
  Node node(argv[1], std::move(options));
  node.join(30'000);
  node.run();
}
