// SPDX-License-Identifier: Apache-2.0
// One connection of the server: its input and output, both bounded, and its answers, which leave in
// the order of the requests although some of them become known later than others.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "descriptor.hpp"

namespace minibroker {

class Client {
 public:
  static constexpr std::size_t max_waiting = 1024;                 ///< answers
  static constexpr std::size_t max_output = std::size_t{1} << 20;  ///< bytes, and one answer
  static constexpr std::size_t max_leases = 4096;                  ///< messages

  explicit Client(Descriptor socket) : socket_(std::move(socket)) {}

  [[nodiscard]] int descriptor() const noexcept { return socket_.get(); }

  /// Takes in what has arrived, as much as there is room for. False: the connection is broken.
  [[nodiscard]] bool read();
  /// Sends what can be sent now. False: the connection is broken.
  [[nodiscard]] bool write();

  /// The next whole line without its end; of one that is too long only so much that it is seen to
  /// be. It stays until drop_line().
  [[nodiscard]] std::optional<std::string_view> line();
  void drop_line();

  /// An answer that is known now.
  void answer(std::string text);
  /// One that will be known later, and the number that it will have: for fulfil().
  void promise() { waiting_.emplace_back(); }
  [[nodiscard]] std::uint32_t next_promise() const noexcept {
    return first_waiting_ + static_cast<std::uint32_t>(waiting_.size());
  }
  /// A number that is not waited for any more is passed over.
  void fulfil(std::uint32_t number, std::string text);
  void fulfil_all(const std::string& text);

  /// Another request may be taken up: its answers leave, and are taken.
  [[nodiscard]] bool has_room() const noexcept {
    return waiting_.size() < max_waiting && output_.size() + waiting_bytes_ < max_output;
  }
  [[nodiscard]] bool awaits_answers() const noexcept { return !waiting_.empty(); }
  [[nodiscard]] bool wants_input() const noexcept;
  [[nodiscard]] bool wants_output() const noexcept { return !output_.empty(); }
  /// It said all it had to say, and was told all that it asked.
  [[nodiscard]] bool finished() const noexcept {
    return ended_ && waiting_.empty() && output_.empty() && input_.empty();
  }

  /// To give the connection away; then it has no descriptor any more.
  [[nodiscard]] Descriptor& socket() noexcept { return socket_; }

  std::set<std::uint64_t> leases;  ///< messages that were handed out here and not acknowledged
  bool held_back = false;          ///< a line waits for room in the driver

 private:
  void flush_answers();

  Descriptor socket_;
  std::string input_;
  std::string output_;
  std::deque<std::optional<std::string>> waiting_;
  std::size_t waiting_bytes_ = 0;
  std::uint32_t first_waiting_ = 0;  // the number of the foremost
  bool skipping_ = false;            // the rest of a line that was too long
  bool ended_ = false;               // no more comes in
};

}  // namespace minibroker
